// The pages under /_stand-in/ with which a person or a test changes the world, the pace and the faults while it runs.
import * as z from 'zod';
import type { CallLog } from './call-log.ts';
import { type Faults, faultList } from './faults.ts';
import { type Pace, paceSettings } from './pace.ts';
import { roleKey } from './tables.ts';
import type { World } from './world.ts';

export interface ControlAnswer {
  readonly status: number;
  readonly body: string;
}

export interface ControlParts {
  readonly world: World;
  readonly pace: Pace;
  readonly faults: Faults;
  readonly calls: CallLog;
}

const PREFIX = '/_stand-in/';
const statusChange = z.strictObject({ status: z.enum(['ENABLED', 'DISABLED']) });
const paceChange = paceSettings.partial();
const since = z.coerce.number().int().min(0).catch(0);

/** undefined when the path is not one of these. */
export const answerControl = (
  parts: ControlParts,
  method: string,
  url: string,
  body: string,
): ControlAnswer | undefined => {
  if (!url.startsWith(PREFIX)) return undefined;
  const { pathname, searchParams } = new URL(url, 'http://stand-in.invalid');
  const page = pathname.slice(PREFIX.length);
  const user = /^users\/([^/]+)\/status$/.exec(page)?.[1];
  if (user !== undefined) return answerUser(parts.world, method, user, body);
  const answers = pages(parts, searchParams)[page];
  if (answers === undefined) return complain(404, `There is no page ${pathname}.`);
  return (
    answers[method]?.(body) ?? complain(405, `${pathname} answers ${Object.keys(answers).join(', ')}, not ${method}.`)
  );
};

type Page = Readonly<Record<string, (body: string) => ControlAnswer>>;

const pages = (
  { world, pace, faults, calls }: ControlParts,
  query: URLSearchParams,
): Readonly<Record<string, Page>> => ({
  faults: {
    GET: () => show(faults.list()),
    PUT: (body) =>
      reading(faultList, body, (list) => {
        faults.replace(list);
        return show(faults.list());
      }),
    DELETE: () => {
      faults.replace([]);
      return show([]);
    },
  },
  calls: {
    GET: () => show(calls.list(since.parse(query.get('since')))),
    DELETE: () => {
      calls.clear();
      return show([]);
    },
  },
  pace: {
    GET: () => show(pace.settings),
    PUT: (body) =>
      reading(paceChange, body, (changes) => {
        pace.change(changes);
        return show(pace.settings);
      }),
  },
  assignments: { GET: () => show(readableAssignments(world)) },
});

const answerUser = (world: World, method: string, segment: string, body: string): ControlAnswer => {
  if (method !== 'PUT') return complain(405, `A user's status answers PUT, not ${method}.`);
  const user = [...world.tables.users.values()].find(({ UserName }) => encodeURIComponent(UserName) === segment);
  if (user === undefined) return complain(404, `There is no user ${segment}.`);
  return reading(statusChange, body, ({ status }) => {
    world.commit([{ table: 'users', key: user.UserId, value: { ...user, UserStatus: status } }]);
    return show({ userName: user.UserName, status });
  });
};

/** Every assignment in names; `roleName` is the role that it is held through. */
const readableAssignments = ({ seed, tables }: World): readonly object[] =>
  [...tables.assignments.values()].map(({ accountId, permissionSetArn, principalType, principalId }) => {
    const permissionSet = seed.permissionSets.find(({ arn }) => arn === permissionSetArn)?.name;
    return {
      accountId,
      accountName: seed.accounts.find(({ id }) => id === accountId)?.name,
      permissionSet,
      permissionSetArn,
      principalType,
      principalId,
      principalName:
        tables.users.get(principalId)?.UserName ??
        seed.groups.find(({ groupId }) => groupId === principalId)?.displayName,
      roleName: `AWSReservedSSO_${permissionSet}_${tables.roles.get(roleKey(accountId, permissionSetArn))}`,
    };
  });

const reading = <Value>(
  schema: z.ZodType<Value>,
  body: string,
  then: (value: Value) => ControlAnswer,
): ControlAnswer => {
  const parsed = schema.safeParse(jsonOf(body));
  return parsed.success ? then(parsed.data) : complain(400, z.prettifyError(parsed.error));
};

/** Text that is not JSON is no value, which no schema takes. */
const jsonOf = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const show = (value: unknown): ControlAnswer => ({ status: 200, body: JSON.stringify(value, null, 2) });

const complain = (status: number, message: string): ControlAnswer => ({ status, body: JSON.stringify({ message }) });
