// Which partitions a process works on when several share them (pure). Everybody sees the same roll, so everybody
// comes to the same answer without a word between them.

/** A partition that stays free for longer than this is left lying: its lease has ended, and nobody came. */
export const LEFT_LYING_AFTER_MS = 3_000
/** A roll that has been the same for this long is believed when something is to be given back. */
export const SETTLED_AFTER_MS = 1_500

/** Everybody of the role who is there, sorted, and for how long it has been the same people. */
export type Roll = { members: readonly string[]; sameForMs: number }

export type Standing =
  /** This process works on it; `sinceMs` ago it was taken. */
  { at: 'me'; sinceMs: number } | { at: 'another' } | { at: 'nobody'; freeForMs: number }

/**
 * `mine`: take it. `left_lying`: take it, although it is another's: they are there and cannot open it.
 * `owner_came`: finish the turn and give it back. `stay`: leave it as it is.
 */
export type Decision = 'mine' | 'left_lying' | 'owner_came' | 'stay'

/** Whose partition it is; undefined when nobody answered the roll. */
export const properOwner = (partition: number, members: readonly string[]): string | undefined =>
  members[partition % members.length]

/**
 * What `me` does about a partition. Back it goes only because of a change of the roll that came after it was taken:
 * one that was taken in because its owner cannot open it stays until somebody comes or goes, and is not handed to
 * and fro.
 */
export function decide({
  me,
  partition,
  standing,
  roll: { members, sameForMs },
}: {
  me: string
  partition: number
  standing: Standing
  roll: Roll
}): Decision {
  const isMine = properOwner(partition, members) === me
  switch (standing.at) {
    case 'another':
      return 'stay'
    case 'nobody':
      if (isMine) return 'mine'
      return standing.freeForMs > LEFT_LYING_AFTER_MS ? 'left_lying' : 'stay'
    case 'me': {
      const isOlderThanRoll = standing.sinceMs > sameForMs
      return !isMine && isOlderThanRoll && sameForMs >= SETTLED_AFTER_MS ? 'owner_came' : 'stay'
    }
  }
}
