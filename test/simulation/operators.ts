/** Whoever runs Brevet: what they hear of it, by warnings and by alarms. */
import type { World } from '../../lambda/use-cases/world.ts';
import type { Chance } from './chance.ts';
import type { GlassLaw } from './laws/glass-law.ts';
import type { LeavingLaw } from './laws/leaving-law.ts';
import type { LoudLaw } from './laws/loud-law.ts';
import { createTelling } from './telling.ts';
import type { Trace } from './trace.ts';
import type { Weather } from './weather.ts';

interface Parts {
  readonly chance: Chance;
  readonly weather: () => Weather;
  readonly note: (what: string) => void;
  readonly trace: Trace;
  readonly leaving: LeavingLaw;
  readonly loud: LoudLaw;
  readonly glass: GlassLaw;
  readonly warned: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export const createOperators = (parts: Parts): Pick<World, 'reporter' | 'bell'> => ({
  reporter: createTelling({
    chance: parts.chance,
    isCalm: () => parts.weather().calm,
    note: parts.note,
    hear: (message, fields) => {
      parts.leaving.reported(message, fields);
      parts.loud.warned(JSON.stringify(fields));
      parts.warned(message, fields);
      parts.trace(() => `warning: ${message} ${JSON.stringify(fields)}`);
    },
  }),
  bell: {
    ring: (alarm, request) => {
      parts.note(`alarm ${alarm}`);
      parts.glass.rung(alarm, request);
    },
  },
});
