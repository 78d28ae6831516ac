/** Faults on demand: wraps any adapter, so that a test decides which call meets a failing service. */
import { type FaultSource, ServiceFault } from '../../ports/faults.ts';

/** `before`: the call never arrived. `after`: it took effect and the answer was lost. */
export type FaultMoment = 'before' | 'after';

export interface Faults<Port> {
  /** The next `times` calls of the method throw a ServiceFault. */
  failNext(method: keyof Port & string, plan?: { times?: number; moment?: FaultMoment; code?: string }): void;
}

interface Planned {
  left: number;
  readonly moment: FaultMoment;
  readonly code: string;
}

type AnyMethod = (...given: readonly unknown[]) => unknown;

export const withFaults = <Port extends object>(source: FaultSource, adapter: Port): Port & Faults<Port> => {
  const planned = new Map<string, Planned>();
  const faults: Faults<Port> = {
    failNext: (method, { times = 1, moment = 'before', code = 'InternalServerException' } = {}) => {
      planned.set(method, { left: times, moment, code });
    },
  };
  const fail = (name: string, moment: FaultMoment): void => {
    const plan = planned.get(name);
    if (!plan || plan.moment !== moment || plan.left === 0) return;
    plan.left -= 1;
    throw new ServiceFault(source, plan.code, undefined);
  };
  const wrapped = Object.entries(adapter).map(([name, member]: [string, unknown]) => {
    if (typeof member !== 'function') return [name, member];
    const call = async (...given: readonly unknown[]): Promise<unknown> => {
      fail(name, 'before');
      const answer = await (member as AnyMethod)(...given);
      fail(name, 'after');
      return answer;
    };
    return [name, call];
  });
  return { ...adapter, ...(Object.fromEntries(wrapped) as Port), ...faults };
};
