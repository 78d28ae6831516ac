/** Law 14: what a request says about credentials is what Identity Center says about its permission set. */
import { type AccessRequest, credentialsMayWorkUntil } from '../../../lambda/domain/access-request.ts';
import { instant } from '../../../lambda/domain/time.ts';
import type { Population } from '../population.ts';
import type { Accuse } from './violation.ts';

export const credentialsLaw = ({ permissionSets }: Population, now: () => number, accuse: Accuse) => {
  /** Permission sets are deleted in some worlds; sessions that they gave live on. */
  const secondsOf = new Map([...permissionSets.values()].map(({ arn, sessionSeconds }) => [arn, sessionSeconds]));
  return ({ id, target }: AccessRequest): void => {
    const told = (credentialsMayWorkUntil(target, instant(now())) - now()) / 1000;
    const actual = secondsOf.get(target.permissionSetArn);
    if (told !== actual) accuse(14, `${id} says that credentials live ${told} s; they live ${actual} s`);
  };
};
