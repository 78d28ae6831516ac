/** All doors: the path of a call decides through which one it came, so that no door's proof ever counts behind another. */
import type { Door } from './door.ts';
import { oidcDoor } from './oidc-door.ts';
import { sigv4Door } from './sigv4-door.ts';

const DOORS: readonly Door[] = [sigv4Door, oidcDoor];

/** A call, as it stands behind its door. */
export interface Entered {
  readonly door: Door;
  /** What is left of the path below the door's prefix, with its first slash. */
  readonly path: string;
}

/** The path as it was sent: nothing is decoded, collapsed or resolved. */
export const enter = (path: string): Entered | undefined => {
  const door = DOORS.find(({ prefix }) => path.startsWith(`${prefix}/`));
  return door && { door, path: path.slice(door.prefix.length) };
};
