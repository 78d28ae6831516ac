/** Tags as AWS lists them, turned into what rules speak of. */
import type { Tags } from '../domain/policy/facts.ts';
import type { FaultSource } from '../ports/faults.ts';
import { required } from './service-call.ts';

interface ListedTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** @throws ServiceFault for a tag without key or value: unknown is never a default. */
export const tagsFrom = (source: FaultSource, listed: readonly ListedTag[]): Tags =>
  Object.fromEntries(
    listed.map(({ Key, Value }) => [required(source, 'TagKey', Key), required(source, 'TagValue', Value)]),
  );
