/** Strict JSON: what JSON.parse takes in silence, and what it must go on taking. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseStrictJson } from '../../lambda/contract/strict-json.ts';

const faultOf = (text: string): string => {
  const read = parseStrictJson(text, 20);
  return 'fault' in read ? read.fault : 'none';
};
const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);

describe('strict JSON', () => {
  it.each([
    ['a name twice', '{"a":1,"a":1}', 'not-strict'],
    ['a name twice, deep inside', '{"a":[{"b":{"c":1,"d":2,"c":3}}]}', 'not-strict'],
    ['a name twice, once escaped', String.raw`{"approved":1,"\u0061pproved":2}`, 'not-strict'],
    ['a name twice, after a value with braces in it', '{"a":"}{,","a":2}', 'not-strict'],
    ['the empty name twice', '{"":1,"":2}', 'not-strict'],
    ['a name that changes what is inherited', '{"__proto__":{"admin":true}}', 'not-strict'],
    ['the same, escaped', String.raw`{"a":{"\u005f_proto__":1}}`, 'not-strict'],
    ['lists 21 deep', nested('[', ']', 21), 'not-strict'],
    ['objects 21 deep', `${'{"a":'.repeat(21)}1${'}'.repeat(21)}`, 'not-strict'],
    ['lists a thousand deep', nested('[', ']', 1000), 'not-strict'],
    ['nothing', '', 'not-json'],
    ['half of it', '{"a":', 'not-json'],
    ['a comma too many', '{"a":1,}', 'not-json'],
    ['a comment', '{"a":1} // so', 'not-json'],
    ['two documents', '{} {}', 'not-json'],
    ['a name without quotes', '{a:1}', 'not-json'],
    ['what is no number', '{"a":NaN}', 'not-json'],
    ['a byte order mark', '\uFEFF{}', 'not-json'],
  ])('refuses %s', (_, text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  it.each([
    ['lists 20 deep', nested('[', ']', 20)],
    ['the same name in two objects', '[{"a":1},{"a":2}]'],
    ['the same name inside and outside', '{"a":{"a":{"a":1}}}'],
    ['a value that is like a name', '{"a":"a","b":["b","b","__proto__"]}'],
    ['a value after a list', '{"a":[1,2],"b":"a","c":"a"}'],
    ['names that objects inherit', '{"constructor":1,"toString":2,"hasOwnProperty":3}'],
    ['quotes and backslashes in names', String.raw`{"\"":1,"\\":2,"\\\"":3}`],
    ['no object at all', '"{\\"a\\":1,\\"a\\":2}"'],
  ])('takes %s', (_, text) => {
    expect(faultOf(text)).toBe('none');
  });

  test('says where the trouble is', () => {
    expect(parseStrictJson('{"a":1,"a":1}', 20)).toMatchObject({ why: 'the name "a" stands twice in one object' });
  });

  test('reads whatever JSON.stringify writes, but for the one name and the depth', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('"__proto__"'));
        expect(parseStrictJson(text, 20)).toEqual({ value: JSON.parse(text) });
      }),
    );
  });

  test('finds a name that was added a second time anywhere', () => {
    const member = fc.tuple(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(member, { minLength: 1, maxLength: 6 }), fc.nat(), fc.nat(), (members, which, where) => {
        const twice = [...members];
        const chosen = members[which % members.length];
        if (!chosen) return;
        twice.splice(where % (members.length + 1), 0, [chosen[0], 'another']);
        const text = `{${twice.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
        expect(faultOf(`[${text}]`)).toBe('not-strict');
      }),
    );
  });
});
