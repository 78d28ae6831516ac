/** Which people could decide a stage that says nothing of their attributes, or of everybody who has one. */
import { expect, it } from 'vitest';
import { candidatesIn } from '../../../lambda/domain/policy/deciders.ts';
import { colleague } from './sample-staff.ts';

const EVERYBODY = { everybodyWith: [{ attribute: 'title', values: ['Lead'] }] } as const;
const LEAD = colleague('ben', { attributes: { title: 'Lead' } });
const ids = (...names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => `id-${name}`));

it('whoever is asked could, where nothing is said of attributes, and nobody else', () => {
  const { couldDecide, areAll } = candidatesIn({}, [ids('ann'), ids()], []);
  expect([areAll, couldDecide(colleague('ann')), couldDecide(LEAD)]).toEqual([true, true, false]);
});

it('of everybody with an attribute nobody is known without a list, though each of them could', () => {
  const { ids: known, areAll, couldDecide } = candidatesIn(EVERYBODY, [ids(), ids()], []);
  expect([known, areAll, couldDecide(LEAD), couldDecide(colleague('ann'))]).toEqual([[], false, true, false]);
});
