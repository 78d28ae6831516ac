/** Whether the repository lets a team change more than the file to which its delegation binds it. */
import type { PolicyFile } from '../../lambda/contract/policy-document.ts';
import type { Place } from '../../lambda/contract/policy-file.ts';

export interface OwnedFile {
  /** As places name it. */
  readonly name: string;
  /** Of users and teams, as CODEOWNERS names them. */
  readonly owners: readonly string[];
}

export interface OwnerFinding {
  readonly place: Place;
  readonly path: string;
  readonly message: string;
}

interface Owned {
  readonly file: PolicyFile;
  /** Where a part of the policy was written. */
  placeOf(path: readonly PropertyKey[]): Place;
  readonly files: readonly OwnedFile[];
  /** CODEOWNERS itself. */
  readonly owning: OwnedFile;
  /** Not there: a file more of the policy, or a CODEOWNERS that is read before this one. */
  readonly addable: readonly OwnedFile[];
}

const plainName = (name: string): string => name.split(/[/\\]/).at(-1) ?? name;

const unowned = ({ files, owning }: Owned): readonly OwnerFinding[] =>
  [...files, owning]
    .filter(({ owners }) => owners.length === 0)
    .map(({ name }) => ({
      place: { file: name, line: 1, column: 1 },
      path: '',
      message: `by CODEOWNERS nobody owns ${name}, so whoever can write to the repository may change it`,
    }));

/** NB. Whoever may add a file writes rules that no delegation binds. The first will do: the others are as much nobody's. */
const unownedYet = ({ addable, owning }: Owned): readonly OwnerFinding[] =>
  addable
    .filter(({ owners }) => owners.length === 0)
    .slice(0, 1)
    .map(({ name }) => ({
      place: { file: owning.name, line: 1, column: 1 },
      path: '',
      message: `by CODEOWNERS nobody would own ${name}, so whoever can write to the repository may add it`,
    }));

/** The files that no delegation binds, and who says who may change what. */
const platformFiles = ({ file, files, owning }: Owned): readonly OwnedFile[] => {
  const delegated = new Set(file.delegations.map((one) => one.file));
  return [...files.filter(({ name }) => !delegated.has(plainName(name))), owning];
};

const findingsOn = (team: OwnedFile, alone: readonly string[], { addable }: Owned, platform: readonly OwnedFile[]) => {
  const owns = (files: readonly OwnedFile[], owner: string) => files.filter(({ owners }) => owners.includes(owner));
  return alone.flatMap((owner) => [
    ...owns(platform, owner).map(({ name }) => `${owner} owns ${name} too, where this delegation binds nobody`),
    ...owns(addable, owner)
      .slice(0, 1)
      .map(({ name }) => `${owner} may add ${name} beside ${team.name}, where this delegation binds nobody`),
  ]);
};

const messagesOn = (
  team: OwnedFile,
  written: OwnedFile,
  owned: Owned,
  platform: readonly OwnedFile[],
): readonly string[] => {
  const alone = team.owners.filter((owner) => !written.owners.includes(owner));
  return alone.length === 0
    ? [`whoever owns ${team.name} owns ${written.name} too, so this delegation binds nobody`]
    : findingsOn(team, alone, owned, platform);
};

/** Of each delegation with a file: its owners own nothing by which they could free themselves. */
export const lintOwners = (owned: Owned): readonly OwnerFinding[] => {
  const { file, files, placeOf } = owned;
  const platform = platformFiles(owned);
  const bound = file.delegations.flatMap((one, index) => {
    const place = placeOf(['delegations', index, 'file']);
    const team = files.find(({ name }) => plainName(name) === one.file);
    const written = files.find(({ name }) => name === place.file);
    if (!team || !written || team.owners.length === 0) return [];
    return messagesOn(team, written, owned, platform).map((message) => ({
      place,
      path: `delegations.${index}.file`,
      message,
    }));
  });
  return [...unowned(owned), ...unownedYet(owned), ...bound];
};
