/** A text file that others use too: changed whole or not at all, with its mode, through links, and by several at once. */
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeFile, readWhole } from '../../cli/whole-file.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevet-file-'));
  path = join(folder, 'config');
});
afterEach(() => rm(folder, { recursive: true }));

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

describe('a file that is changed', () => {
  it('keeps its mode', async () => {
    await writeFile(path, 'old');
    await chmod(path, 0o664);
    await changeFile(path, (text) => `${text} new`);
    expect(await readFile(path, 'utf8')).toBe('old new');
    expect(await modeOf(path)).toBe(0o664);
  });

  it("is its owner's alone when it was not there, in a folder that is too", async () => {
    const fresh = join(folder, 'aws', 'config');
    await changeFile(fresh, (text) => `[${text}]`);
    expect(await readFile(fresh, 'utf8')).toBe('[]');
    expect([await modeOf(fresh), await modeOf(join(folder, 'aws'))]).toEqual([0o600, 0o700]);
  });

  it('stays behind the link that leads to it', async () => {
    await mkdir(join(folder, 'dotfiles'));
    await writeFile(join(folder, 'dotfiles', 'config'), 'old');
    await symlink('dotfiles/config', path);
    await changeFile(path, () => 'new');
    expect(await readlink(path)).toBe('dotfiles/config');
    expect(await readFile(join(folder, 'dotfiles', 'config'), 'utf8')).toBe('new');
  });

  it('is as it was when the change is refused, and nothing is left beside it', async () => {
    await writeFile(path, 'old');
    const refuse = () => {
      throw new Error('no');
    };
    await expect(changeFile(path, refuse)).rejects.toThrow('no');
    expect([await readWhole(path), await readdir(folder)]).toEqual(['old', ['config']]);
  });

  it('is not written when nothing changes', async () => {
    await writeFile(path, 'old');
    const { ino } = await stat(path);
    await changeFile(path, (text) => text);
    expect((await stat(path)).ino).toBe(ino);
  });

  it('has what each of several wrote at once', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => changeFile(path, (text) => `${text}${index}\n`)));
    expect((await readWhole(path)).split('\n').sort().join('')).toBe('01234567');
  });

  it('does not wait for one who died while writing', async () => {
    await writeFile(`${path}.brevet-new`, 'half');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(`${path}.brevet-new`, longAgo, longAgo);
    await changeFile(path, () => 'new');
    expect([await readWhole(path), await readdir(folder)]).toEqual(['new', ['config']]);
  });
});
