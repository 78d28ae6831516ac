/** Opens an address in the person's browser, where there is one; nothing depends on it. */
import { spawn } from 'node:child_process';
import type { Terminal } from '../terminal.ts';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>>> = {
  darwin: ['/usr/bin/open'],
  win32: ['rundll32.exe', 'url.dll,FileProtocolHandler'],
};

/** The address is one argument and passes no shell. */
const start = ([command, ...args]: readonly [string, ...string[]], url: URL): void => {
  const child = spawn(command, [...args, url.href], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
};

/** Over SSH, and where nobody sits at a terminal, the browser would be somebody else's or nobody's. */
export const openInBrowser = ({ env, err }: Pick<Terminal, 'env' | 'err'>, url: URL): boolean => {
  const isRemote = Boolean(env.SSH_CONNECTION || env.SSH_TTY);
  const hasScreen = process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME);
  if (!err.isTerminal || isRemote || !hasScreen) return false;
  start(OPENERS[process.platform] ?? ['xdg-open'], url);
  return true;
};
