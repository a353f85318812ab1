import { buildDigest, type Digest } from '../digest.ts';

type Command = readonly string[];

/** Whether a person lets Slipway run a repository's commands, as it stands now. */
export type Trust = {
  /** `changed` when a person has trusted another list of commands. */
  readonly state: 'trusted' | 'untrusted' | 'changed';
  /** What the person's next answer is about. */
  readonly commandsDigest: Digest;
  readonly commands: readonly Command[];
  /** What is new since the list that was trusted. */
  readonly added: readonly Command[];
  /** What was in the list that was trusted and is gone. */
  readonly removed: readonly Command[];
};

/** Digests a list of commands; neither order nor repetition counts. */
export function buildCommandsDigest(commands: readonly Command[]): Digest {
  return buildDigest([...new Set(commands.map(command => JSON.stringify(command)))].sort());
}

/** Decides the trust in a list of commands by the list that a person trusted before. */
export function decideTrust(commands: readonly Command[], trusted: readonly Command[] | undefined): Trust {
  const commandsDigest = buildCommandsDigest(commands);
  const state =
    trusted === undefined
      ? 'untrusted'
      : buildCommandsDigest(trusted) === commandsDigest
        ? 'trusted'
        : 'changed';
  return {
    state,
    commandsDigest,
    commands,
    added: listMissing(commands, trusted ?? []),
    removed: listMissing(trusted ?? [], commands),
  };
}

function listMissing(commands: readonly Command[], from: readonly Command[]): readonly Command[] {
  const known = new Set(from.map(command => JSON.stringify(command)));
  return commands.filter(command => !known.has(JSON.stringify(command)));
}
