/** The adapters that need no suite: waking the converge function, ids, clocks, caches, faults on demand. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cached, cachedByKey } from '../../lambda/adapters/cached.ts';
import { createLambdaCensusTaker } from '../../lambda/adapters/lambda-census-taker.ts';
import { createLambdaConverger } from '../../lambda/adapters/lambda-converger.ts';
import { createLogBell } from '../../lambda/adapters/log-bell.ts';
import { neverInTheWay } from '../../lambda/adapters/log-reporter.ts';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createSequentialIds } from '../../lambda/adapters/memory/sequential-ids.ts';
import { withFaults } from '../../lambda/adapters/memory/with-faults.ts';
import { createRandomIds } from '../../lambda/adapters/random-ids.ts';
import { requestId } from '../../lambda/contract/api.ts';
import { groupIdsIn } from '../../lambda/contract/census-event.ts';
import { DEFAULT_LIMITS } from '../../lambda/contract/limits.ts';
import { instant } from '../../lambda/domain/time.ts';
import { EVERY_REQUEST } from './samples.ts';
import { exception, type StubAws, startStubAws } from './stub-aws.ts';

describe('the Lambda converger', () => {
  let aws: StubAws;
  beforeEach(async () => {
    aws = await startStubAws();
  });
  afterEach(() => aws.stop());

  const converger = () => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const { config } = new DynamoDBClient({ region: 'us-east-1', credentials });
    const clock = createFixedClock(instant(0));
    return createLambdaConverger({ aws: config, endpoint: aws.url, functionName: 'brevet-converge', clock });
  };

  it('wakes the function without waiting for it', async () => {
    aws.answer({ status: 202 });
    await converger().wake(['maria/account/400000000001/ps-1']);
    expect(aws.calls.map(({ operation }) => operation)).toEqual([
      'POST /2015-03-31/functions/brevet-converge/invocations',
    ]);
    expect(aws.calls[0]?.headers['x-amz-invocation-type']).toBe('Event');
    expect(aws.calls[0]?.input).toEqual({ leaseIds: ['maria/account/400000000001/ps-1'] });
    await converger().wake(['any', 'other'], true);
    expect(aws.calls[1]?.input).toEqual({ leaseIds: ['any', 'other'], standBy: true });
  });

  it('signs the call as Lambda wants it', async () => {
    aws.answer({ status: 202 });
    await converger().wake(['any']);
    const { authorization, host } = aws.calls[0]?.headers ?? {};
    expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/us-east-1\/lambda\/aws4_request, /);
    expect(authorization).toContain('host');
    expect(host).toBe(new URL(aws.url).host);
  });

  it.each([
    ['Lambda throttles', exception('TooManyRequestsException', {}, 429)],
    ['Lambda fails', exception('ServiceException', {}, 500)],
    ['the connection breaks', { hangUp: true }],
  ])('wakes it all the same when first %s', async (_, first) => {
    aws.answer(first, { status: 202 });
    await converger().wake(['any']);
    expect(aws.calls).toHaveLength(2);
  });

  it.each([
    ['may not be woken', exception('AccessDeniedException', {}, 403), 'Http403', 1],
    ['cannot be woken', exception('ServiceException', {}, 500), 'Http500', 3],
    ['is out of reach', { hangUp: true }, 'TimeoutError', 3],
  ])('throws a fault when the function %s', async (_, answer, code, tries) => {
    aws.answer(answer);
    const fault = { name: 'ServiceFault', source: 'functions', code };
    await expect(converger().wake(['any'])).rejects.toMatchObject(fault);
    expect(aws.calls).toHaveLength(tries);
  });
});

describe('the Lambda census taker', () => {
  /** As long as ids of groups are. */
  const idOf = (index: number) => `90679f0f1d-6f1a0f5a-1d2c-4f6e-9a55-${String(index).padStart(12, '0')}`;
  let aws: StubAws;
  beforeEach(async () => {
    aws = await startStubAws();
  });
  afterEach(() => aws.stop());

  const taker = () => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const { config } = new DynamoDBClient({ region: 'us-east-1', credentials });
    const clock = createFixedClock(instant(0));
    return createLambdaCensusTaker({ aws: config, endpoint: aws.url, functionName: 'brevet-census', clock });
  };

  it('calls the function that counts, without waiting for it, by what that one understands', async () => {
    aws.answer({ status: 202 });
    await taker().begin([idOf(1), idOf(2)]);
    expect(aws.calls.map(({ operation }) => operation)).toEqual([
      'POST /2015-03-31/functions/brevet-census/invocations',
    ]);
    expect(aws.calls[0]?.headers['x-amz-invocation-type']).toBe('Event');
    expect(groupIdsIn(aws.calls[0]?.input)).toEqual([idOf(1), idOf(2)]);
    await taker().begin([]);
    expect(groupIdsIn(aws.calls[1]?.input)).toEqual([]);
  });

  it('names as many groups as may be asked for within what an asynchronous call carries, 256 KB', async () => {
    aws.answer({ status: 202 });
    const ids = Array.from({ length: DEFAULT_LIMITS.policyCheckGroups }, (_, index) => idOf(index));
    expect(ids[0]).toHaveLength(47);
    await taker().begin(ids);
    expect(Number(aws.calls[0]?.headers['content-length'])).toBeLessThan(256 * 1024);
    expect(groupIdsIn(aws.calls[0]?.input)).toHaveLength(4000);
  });

  it('throws a fault when Lambda does not take the call', async () => {
    aws.answer(exception('AccessDeniedException', {}, 403));
    const fault = { name: 'ServiceFault', source: 'functions', code: 'Http403' };
    await expect(taker().begin(['group-1'])).rejects.toMatchObject(fault);
  });
});

describe.each([
  ['random', createRandomIds],
  ['sequential', createSequentialIds],
])('%s ids', (_, create) => {
  it('have the form that the API takes, and never come twice', () => {
    const ids = create();
    const made = Array.from({ length: 100 }, () => ids.requestId());
    expect(new Set(made).size).toBe(100);
    for (const id of made) expect(requestId.safeParse(id).success).toBe(true);
  });

  it('come with salts of 128 bits, and the real SHA-256', () => {
    const ids = create();
    expect(ids.salt()).toMatch(/^[0-9a-f]{32}$/);
    expect(ids.salt()).not.toBe(ids.salt());
    expect(ids.sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('the fixed clock', () => {
  it('stands still until it is moved, and sleeping moves it', async () => {
    const clock = createFixedClock(instant(1000));
    expect(clock.now()).toBe(1000);
    await clock.sleep(250);
    expect(clock.now()).toBe(1250);
    clock.advance(2);
    expect(clock.now()).toBe(3250);
    clock.set(instant(5));
    expect(clock.now()).toBe(5);
  });
});

describe('what is cached', () => {
  it('shares a load that fails with all who wait for it, and loads anew after it', async () => {
    const outcomes = [Promise.reject(new Error('down')), Promise.resolve('up')];
    const value = cached(() => outcomes.shift() ?? Promise.resolve('again'), 60, createFixedClock(instant(0)));
    const [first, second] = await Promise.allSettled([value.get(), value.get()]);
    expect([first.status, second.status]).toEqual(['rejected', 'rejected']);
    expect(await value.get()).toBe('up');
    expect(await value.get()).toBe('up');
  });
});

describe('what is cached by key', () => {
  /** Answers with the key and how many loads there have been. */
  const counting = () => {
    let loads = 0;
    return async (key: string): Promise<string> => {
      loads += 1;
      return `${key}${loads}`;
    };
  };

  it('is loaded once a key, and again when it is too old', async () => {
    const clock = createFixedClock(instant(0));
    const value = cachedByKey(counting(), 60, clock);
    expect([await value('a'), await value('b'), await value('a')]).toEqual(['a1', 'b2', 'a1']);
    clock.advance(60);
    expect(await value('a')).toBe('a3');
  });

  it('does not grow for ever, however many keys come', async () => {
    const value = cachedByKey(counting(), 60, createFixedClock(instant(0)));
    expect(await value('a')).toBe('a1');
    for (let key = 1; key <= 1000; key += 1) await value(String(key));
    expect(await value('a')).not.toBe('a1');
  });
});

describe('faults on demand', () => {
  const counter = () => {
    let count = 0;
    const adapter = {
      add: async (by: number): Promise<number> => {
        count += by;
        return count;
      },
    };
    return withFaults('database', adapter);
  };

  it('strike before the call takes effect, as often as planned', async () => {
    const faulty = counter();
    faulty.failNext('add', { times: 2, code: 'ThrottlingException' });
    const fault = { name: 'ServiceFault', source: 'database', code: 'ThrottlingException' };
    await expect(faulty.add(1)).rejects.toMatchObject(fault);
    await expect(faulty.add(1)).rejects.toMatchObject(fault);
    expect(await faulty.add(1)).toBe(1);
  });

  it('strike after the call took effect, when its answer is lost', async () => {
    const faulty = counter();
    faulty.failNext('add', { moment: 'after' });
    await expect(faulty.add(1)).rejects.toMatchObject({ name: 'ServiceFault' });
    expect(await faulty.add(1)).toBe(2);
  });
});

describe('law 11: a report that fails', () => {
  it('stops nothing, and the next one is made', () => {
    const heard: string[] = [];
    const reporter = neverInTheWay({
      warn: (message) => {
        heard.push(message);
        throw new Error('the log is full');
      },
    });
    expect(() => reporter.warn('one', {})).not.toThrow();
    reporter.warn('two', {});
    expect(heard).toEqual(['one', 'two']);
  });
});

describe('the bell', () => {
  const ring = (alarm: 'unacknowledged' | 'review-overdue') => {
    const [said, counted]: [unknown[][], string[]] = [[], []];
    const logger = { error: (...words: unknown[]) => void said.push(words) } as unknown as Logger;
    const [, request] = EVERY_REQUEST;
    if (!request?.breakGlass) throw new Error('the sample has a broken glass');
    createLogBell(logger, (metric) => void counted.push(metric)).ring(alarm, request);
    return { said: JSON.stringify(said), counted };
  };

  it('names the request and everybody told by id, and says nothing that anybody wrote', () => {
    const { said } = ring('unacknowledged');
    expect(said).toContain(`"requestId":"${EVERY_REQUEST[1]?.id}"`);
    expect(said).toContain('"toldGroupIds":["group-security"],"toldUserIds":["id-omar"]');
    expect(said).not.toMatch(/INC-7|PAY-1234|Go ahead|It was no incident/);
  });

  it('counts in the metric that its alarm watches', () => {
    expect(ring('unacknowledged').counted).toEqual(['BreakGlassUnacknowledged']);
    expect(ring('review-overdue').counted).toEqual(['BreakGlassReviewOverdue']);
  });
});
