/** Which lines of the functions' log are told on the terminal. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { functionLog } from '../../local/function-log.ts';
import { openLogFile } from '../../local/log-file.ts';

test('errors are told in one line, the rest is only written, and pieces of lines are put together', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'brevet-log-'));
  const log = openLogFile(join(folder, 'brevet.log'));
  const told: string[] = [];
  const take = functionLog(log, (summary) => told.push(summary));
  const pieces = [
    '{"level":"INFO","message":"swept"}\n{"level":"ERR',
    'OR","message":"a call failed","error":{"name":"ServiceFault","message":"database: Down"}}\n',
    'no JSON at all\nnull\n{"level":"WARN","message":"tried again"}\n',
  ];
  for (const piece of pieces) take(piece);
  expect(told).toEqual(['a call failed: ServiceFault: database: Down']);
  expect(await readFile(log.path, 'utf8')).toBe(pieces.join(''));
  log.close();
  await rm(folder, { recursive: true });
});
