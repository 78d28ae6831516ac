/** What else a person has open: on that depend guardrails on combinations and on numbers of requests. */
import type { AccessRequest, RequestStatus } from '../domain/access-request.ts';
import type { OpenTarget } from '../domain/policy/ask.ts';
import type { PolicyNeeds } from '../domain/policy/rule-index.ts';
import type { Needs } from './world.ts';

const OPEN: readonly RequestStatus[] = ['pending', 'scheduled', 'granting', 'active', 'ending'];
const PAGE = 50;

type Readers = Needs<'ledger' | 'organization'>;

const readOpen = async (world: Readers, personId: string): Promise<readonly AccessRequest[]> => {
  const all: AccessRequest[] = [];
  let cursor: string | undefined;
  do {
    const query = { statuses: OPEN, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await world.ledger.listByRequester(personId, query);
    if (page === 'invalid-cursor') throw new Error('the ledger refused a cursor of its own');
    all.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
};

/** Of an account or permission set that has vanished no more is known than the request says; what depends on tags is unknown. */
const targetOf = async (world: Readers, { target }: AccessRequest, needs: PolicyNeeds): Promise<OpenTarget> => {
  const { accountId: id, accountName, permissionSetArn: arn, permissionSetName, sessionSeconds } = target;
  const [account, permissionSet] = await Promise.all([
    world.organization.findAccount(id, { tags: needs.accountTags }),
    world.organization.findPermissionSet(arn, { tags: needs.permissionSetTags }),
  ]);
  return {
    account: account ?? { id, name: accountName, ouPath: '', active: false },
    permissionSet: permissionSet ?? { arn, name: permissionSetName, sessionSeconds },
  };
};

/** Every open request but the one that is judged, which counts as soon as it is stored; read only where a guardrail asks. */
export const openTargets = async (
  world: Readers,
  personId: string,
  needs: PolicyNeeds,
  judgedId: string | undefined,
): Promise<readonly OpenTarget[]> => {
  if (!needs.others) return [];
  const open = (await readOpen(world, personId)).filter(({ id }) => id !== judgedId);
  return Promise.all(open.map((request) => targetOf(world, request, needs)));
};
