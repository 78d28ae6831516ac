/** The stack as the example settings deploy it, and what it has of one type. */
import { synthesized } from './synthesized.ts';

export const { stack, template } = synthesized();

export const properties = (type: string): Record<string, Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(template.findResources(type)).map(([id, resource]) => [
      id.replace(/[0-9A-F]{8}$/, ''),
      resource.Properties,
    ]),
  );
