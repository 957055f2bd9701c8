// A large checkpoint, written in slices. The rows of fifty thousand devices in one commit would keep everything else
// waiting, an SOS too, so a commit writes some of them and the checkpoint stays where it was until the last one.
//
//   tables         as they were when the checkpoint was begun; written with the last slice
//   rows           as they are when their slice is written, later than that: they are ahead of the checkpoint
//   slice|applied  written with each slice: after how many entries of the log, and the devices in it
//
// Whoever folds on from a checkpoint, the older or the new one, passes over what is in a row already: a device
// takes part again from the first entry that its row does not know. Devices share no state, so that each comes to
// where it was, and the whole with them.

import type { StateChange } from '../broker/stream.ts'
import type { FoldState } from './state.ts'

type Slice = { at: number; devices: readonly string[] }

/** A checkpoint on the way. */
export type Checkpoint = {
  /** What goes with the next commit, at most the rows of so many devices. `isLast`: the checkpoint is whole with it. */
  next(devices: number): { change: StateChange; isLast: boolean }
}

export type Slices = {
  /** `applied` tells how many entries of the log the fold has applied by now. */
  beginCheckpoint(applied: () => number): Checkpoint
}

/** Reads how far rows are ahead of the checkpoint; the columns of `state` must be open. */
export function openSlices(state: FoldState): Slices {
  const slices = state.table<Slice>('slice')
  for (const [, { at, devices }] of slices.entries()) {
    for (const id of devices) {
      const device = state.devices.of(id)
      device.savedAt = Math.max(device.savedAt, at)
    }
  }

  return {
    beginCheckpoint(applied) {
      const begunAt = applied()
      // No row is ahead of this checkpoint yet; the slices so far go when it is whole.
      for (const [key] of slices.entries()) slices.delete(key)
      const checkpoint = state.beginCheckpoint()
      return {
        next(most) {
          const { change, devices, isLast } = checkpoint.next(most)
          const at = applied()
          if (isLast && at === begunAt) return { change, isLast }
          const slice: Slice = { at, devices: devices.map(({ id }) => id) }
          slices.set(String(at), slice)
          const noted = [`slice|${at}`, JSON.stringify(slice)] as const
          return { change: { set: [...change.set, noted], delete: change.delete }, isLast }
        },
      }
    },
  }
}
