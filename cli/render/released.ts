/** What became of access that a command held: given back, or not. */
import type { RequestDetail } from '../../lambda/contract/api.ts';
import type { Page } from '../output.ts';
import type { Released } from '../release.ts';
import { fieldLines } from './fields.ts';
import { type Clockwork, moment } from './moment.ts';
import { wrap } from './text.ts';
import { afterEndText, credentialsText, targetName } from './words.ts';

/** Law 14: what has been handed out cannot be recalled. */
const afterlife = ({ standing, credentialsMayWorkUntil }: RequestDetail, clockwork: Clockwork): string => {
  if (standing) return '; the assignment stood before, and stays';
  return credentialsMayWorkUntil === undefined
    ? ''
    : `; credentials: ${credentialsText(credentialsMayWorkUntil, clockwork)}`;
};

/** What failed may have stood for a while, though nobody was told that it is usable. */
const wasGiven = ({ status, credentialsMayWorkUntil }: RequestDetail): boolean =>
  status === 'ending' || status === 'ended' || (status === 'failed' && credentialsMayWorkUntil !== undefined);

/** Undefined where there never was anything to give back. */
export const releasedText = ({ request, by }: Released, clockwork: Clockwork): string | undefined => {
  const name = targetName(request.target);
  if (by === 'cancel') return `the request for ${name} is taken back`;
  if (by === 'end') return `access to ${name} is ended${afterlife(request, clockwork)}`;
  if (!wasGiven(request)) return undefined;
  return `access to ${name} was over already${afterlife(request, clockwork)}`;
};

export interface StillHeld {
  readonly request: RequestDetail;
  readonly why: string;
}

/** Loud on purpose: somebody holds access that they wanted to be rid of. */
export const stillHeldLines = ({ request, why }: StillHeld, page: Page): string[] => {
  const until = request.endsAt ?? request.expiresAt;
  const lasts =
    until === undefined ? `as long as was asked for` : `until ${moment(until, page)}; ${afterEndText(request)}`;
  return [
    ...wrap('brevet: THE ACCESS WAS NOT ENDED, and nobody ends it before its time:', page.columns).map((line) =>
      page.style('red', line),
    ),
    ...fieldLines(
      [
        ['target', targetName(request.target)],
        ['status', request.status],
        ['lasts', lasts],
        ['why', why],
        ['next', `brevet end ${request.id}`],
      ],
      page.columns,
    ),
  ];
};
