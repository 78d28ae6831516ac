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

/** The files that no delegation binds, and who says who may change what. */
const platformFiles = ({ file, files, owning }: Owned): readonly OwnedFile[] => {
  const delegated = new Set(file.delegations.map((one) => one.file));
  return [...files.filter(({ name }) => !delegated.has(plainName(name))), owning];
};

const messagesOn = (team: OwnedFile, written: OwnedFile, platform: readonly OwnedFile[]): readonly string[] => {
  const alone = team.owners.filter((owner) => !written.owners.includes(owner));
  if (alone.length === 0)
    return [`whoever owns ${team.name} owns ${written.name} too, so this delegation binds nobody`];
  return platform.flatMap(({ name, owners }) =>
    alone
      .filter((owner) => owners.includes(owner))
      .map((owner) => `${owner} owns ${name} too, where this delegation binds nobody`),
  );
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
    return messagesOn(team, written, platform).map((message) => ({
      place,
      path: `delegations.${index}.file`,
      message,
    }));
  });
  return [...unowned(owned), ...bound];
};
