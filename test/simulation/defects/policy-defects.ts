/** Defects of what the policy is judged by. */
import type { AccessRequest } from '../../../lambda/domain/access-request.ts';
import { type Defect, ledgerOf, tampering } from './defect.ts';

const EVERYBODY = Array.from({ length: 50 }, (_, number) => ({ userName: `user${number}` }));

/** Attributes stand alone where the stage has no groups, as if they had been written so. */
const narrowedForAll = (request: AccessRequest | undefined): AccessRequest | undefined =>
  request && {
    ...request,
    approval: request.approval.map((stage) =>
      stage.attributes && stage.groups.length === 0 ? { ...stage, everybodyWith: stage.attributes } : stage,
    ),
  };

export const POLICY_DEFECTS: readonly Defect[] = [
  {
    law: 6,
    what: 'whose attributes were not read has those that are asked for',
    from: 34,
    sabotage: tampering(({ directory }) => {
      const findByUserName = async (userName: string) => {
        const match = await directory.findByUserName(userName);
        return match && match !== 'several' ? { attributes: { department: 'audit' }, ...match } : match;
      };
      return { directory: { ...directory, findByUserName } };
    }, 'api'),
  },
  {
    law: 6,
    what: 'where a group is not there, everybody approves who has the attributes that narrow it',
    from: 16,
    sabotage: tampering(
      ledgerOf((ledger) => ({ readRequest: async (id) => narrowedForAll(await ledger.readRequest(id)) })),
      'api',
    ),
  },
  {
    law: 7,
    what: 'whoever was on call when they asked is given access when they are not any more',
    from: 53,
    sabotage: tampering(({ onCall }) => ({ onCall: { ...onCall, whoIsOnCallNow: async () => EVERYBODY } }), 'converge'),
  },
];
