/** Folders that are gone when the bench is, however it ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set<string>();

process.once('exit', () => {
  for (const folder of folders) removeFolder(folder);
});

export const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'brevet-bench-'));
  folders.add(folder);
  return folder;
};

export const removeFolder = (folder: string): void => {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
};
