/** A profile of Brevet's own in somebody's AWS config file: no other line is touched. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withProfile, writtenProfiles } from '../../cli/profile-section.ts';

const SECTION = { name: 'prod/Admin', keys: [['sso_session', 'corp'] as const, ['region', 'eu-central-1'] as const] };
const BEGIN = '# >>> brevet prod/Admin (written by "brevet request --write-profile", and written anew by it)';
const BLOCK = `${BEGIN}
[profile prod/Admin]
sso_session = corp
region = eu-central-1
# <<< brevet prod/Admin
`;

const textOf = (text: string, section: Parameters<typeof withProfile>[1] = SECTION): string => {
  const placed = withProfile(text, section);
  if ('refused' in placed) throw new Error(placed.refused);
  return placed.text;
};

describe('a written profile', () => {
  it('is all of an empty file', () => {
    expect(textOf('')).toBe(BLOCK);
  });

  it('comes behind what is there, with a line between', () => {
    expect(textOf('[default]\nregion = us-east-1\n')).toBe(`[default]\nregion = us-east-1\n\n${BLOCK}`);
    expect(textOf('[default]\nregion = us-east-1')).toBe(`[default]\nregion = us-east-1\n\n${BLOCK}`);
    expect(textOf('[default]\nregion = us-east-1\n\n')).toBe(`[default]\nregion = us-east-1\n\n${BLOCK}`);
  });

  it('stays as it is when it is written again', () => {
    const once = textOf('# mine\n[default]\nregion = us-east-1\n');
    expect(textOf(once)).toBe(once);
  });

  it('is replaced in its place, between what stands before and behind', () => {
    const text = `[profile a]\nregion = x\n\n${BLOCK}\n[profile b]\nregion = y\n`;
    expect(textOf(text, { name: 'prod/Admin', keys: [['region', 'us-east-1']] })).toBe(
      `[profile a]\nregion = x\n\n${BEGIN}\n[profile prod/Admin]\nregion = us-east-1\n# <<< brevet prod/Admin\n\n[profile b]\nregion = y\n`,
    );
  });

  it('has the line ends of the file', () => {
    const text = textOf('[default]\r\nregion = x\r\n');
    expect(text).toBe(`[default]\r\nregion = x\r\n\r\n${BLOCK.replaceAll('\n', '\r\n')}`);
    expect(textOf(text)).toBe(text);
  });

  it('stands beside another whose name begins alike', () => {
    const both = textOf(textOf(''), { name: 'prod', keys: [['region', 'x']] });
    expect(both.startsWith(BLOCK)).toBe(true);
    expect(both).toContain('[profile prod]\nregion = x\n# <<< brevet prod\n');
  });

  it.each([
    ['a profile of that name', '[profile prod/Admin]\nregion = x\n'],
    ['a profile of that name in quotes', '[profile "prod/Admin"]\n'],
    ['a profile of that name with spaces and a comment', '  [ profile   prod/Admin ] # mine\n'],
    ['a profile of that name beside the own one', `${BLOCK}[profile prod/Admin]\n`],
  ])('is refused where the file has %s of somebody else', (_what, text) => {
    expect(withProfile(text, SECTION)).toEqual({ refused: 'it has a profile "prod/Admin" that is not Brevet\'s' });
  });

  it.each([
    ['without their end', BLOCK.replace('# <<< brevet prod/Admin\n', '')],
    ['with the end of another', BLOCK.replace('<<< brevet prod/Admin', '<<< brevet other')],
    ['with another section inside', BLOCK.replace('region =', '[profile mine]\nregion =')],
  ])('is refused where the marks stand there %s', (_what, text) => {
    expect(withProfile(text, SECTION)).toEqual({ refused: expect.stringContaining('are not as they were') });
  });

  it('changes nothing but its own lines, whatever the file holds', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '[default]',
        '[profile a]',
        '[sso-session corp]',
        '# note',
        '',
        'region = x',
        '  nested = y',
        '[[',
      ),
      fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
    );
    void fc.assert(
      fc.property(fc.array(line), fc.array(line), (before, behind) => {
        const [head, tail] = [before, behind].map((lines) => lines.map((text) => `${text}\n`).join('')) as [
          string,
          string,
        ];
        const text = textOf(`${head}${BLOCK}${tail}`, { name: 'prod/Admin', keys: [] });
        expect(text.startsWith(`${head}${BEGIN}\n[profile prod/Admin]\n`)).toBe(true);
        expect(text.endsWith(`# <<< brevet prod/Admin\n${tail}`)).toBe(true);
        expect(textOf(head).startsWith(head)).toBe(true);
      }),
    );
  });

  it('is found again among everything else, for a file that is made anew', () => {
    const text = textOf(`# mine\n${BLOCK}[default]\n`, { name: 'other', keys: [['region', 'x']] });
    expect(writtenProfiles(text)).toBe(
      `\n${BLOCK}\n${BLOCK.replaceAll('prod/Admin', 'other').replace('sso_session = corp\nregion = eu-central-1', 'region = x')}`,
    );
    expect(writtenProfiles('[default]\n')).toBe('');
  });
});
