/** Fields and tables: fitted to the screen, without losing or forging anything. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Field, fieldLines } from '../../../cli/render/fields.ts';
import { styleFor } from '../../../cli/render/style.ts';
import { type Column, tableLines } from '../../../cli/render/table.ts';
import { columnsOf } from '../../../cli/render/text.ts';

const PLAIN = styleFor({ hasColours: false });

describe('fields', () => {
  const fields: Field[] = [
    ['id', '01JDB3QK7M8N9PQRSTVWXYZ123'],
    ['reason', 'Restore the ledger after the failed migration'],
  ];

  it('stand beside their labels where there is room', () => {
    expect(fieldLines(fields, 80)).toEqual([
      '  id      01JDB3QK7M8N9PQRSTVWXYZ123',
      '  reason  Restore the ledger after the failed migration',
    ]);
  });

  it('stand under their labels where it is narrow', () => {
    expect(fieldLines(fields, 34)).toEqual([
      '  id',
      '    01JDB3QK7M8N9PQRSTVWXYZ123',
      '  reason',
      '    Restore the ledger after the',
      '    failed migration',
    ]);
  });

  it('keep a text of several lines to the right of its label, so that it cannot pass for another field', () => {
    expect(fieldLines([['reason', 'honest\nstatus  active']], 80)).toEqual([
      '  reason  honest',
      '          status  active',
    ]);
  });

  it('are never wider than the screen', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.stringMatching(/^[a-z ]{1,12}$/), fc.string({ unit: 'grapheme' }))),
        fc.integer({ min: 20, max: 120 }),
        (some, columns) => {
          for (const line of fieldLines(some, columns)) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});

interface Row {
  readonly name: string;
  readonly note: string;
}

const COLUMNS: Column<Row>[] = [
  { title: 'NAME', cell: ({ name }) => name },
  { title: 'NOTE', cell: ({ note }) => ({ text: note, emphasis: 'green' }), cutTo: 8 },
];

describe('tables', () => {
  const rows: Row[] = [
    { name: 'payments-prod', note: 'needs an approval' },
    { name: 'dev', note: '' },
  ];
  const at = (columns: number) => tableLines(rows, COLUMNS, { columns, style: PLAIN });

  it('are whole where there is room, with a dash for nothing', () => {
    expect(at(Number.POSITIVE_INFINITY)).toEqual([
      'NAME           NOTE',
      'payments-prod  needs an approval',
      'dev            -',
    ]);
  });

  it('cut what may be cut where it is narrower', () => {
    expect(at(25)).toEqual(['NAME           NOTE', 'payments-prod  needs an …', 'dev            -']);
  });

  it('become blocks where it is too narrow for a table', () => {
    expect(at(20)).toEqual([
      '  NAME',
      '    payments-prod',
      '  NOTE',
      '    needs an',
      '    approval',
      '',
      '  NAME',
      '    dev',
      '  NOTE',
      '    -',
    ]);
  });

  it('keep every row on one line of its own', () => {
    const [, row, ...others] = tableLines([{ name: 'a\nb', note: 'c\td' }], COLUMNS, { columns: 80, style: PLAIN });
    expect([row, others]).toEqual(['a b   c d', []]);
  });

  it('say with colours nothing that they do not say in words', () => {
    const coloured = tableLines(rows, COLUMNS, { columns: 80, style: styleFor({ hasColours: true }) }).join('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(at(80).join('\n'));
  });
});
