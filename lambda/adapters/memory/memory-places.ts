/** Places in memory: for tests and simulations. */
import type { PlaceName, Places } from '../../ports/places.ts';

export const createMemoryPlaces = (): Places => {
  const kept = new Map<PlaceName, string>();
  return {
    recall: async (name) => kept.get(name),
    keep: async (name, cursor) => {
      if (cursor === undefined) kept.delete(name);
      else kept.set(name, cursor);
    },
  };
};
