// All that the screens show, as one value, and the one way to change it. Knows nothing of the browser.

import type { AlarmFile } from '../../model/alarm-file.ts'
import type { SeenCall } from '../../model/call.ts'
import type { FeedMessage } from '../../model/feed.ts'
import type { Alarm } from '../../model/incident.ts'
import type { Problem } from '../shell/http.ts'
import { type Board, boardAfter, EMPTY_BOARD } from './board.ts'
import { type Calls, callsAfter, NO_CALLS } from './calls.ts'
import { fileAfter, type OpenFile } from './file.ts'
import { type Notices, noticesAfter } from './notices.ts'
import { NOTHING_UNRECORDED, type Unrecorded, unrecordedAfter } from './unrecorded.ts'

/** Whether what is on the screen is what is happening. Times are this browser's. */
export type Link =
  | { state: 'connecting' }
  | { state: 'live' }
  | { state: 'broken'; since: number; retryAt: number | null; attempt: number; reason: BrokenReason }

/** The connection was closed, was silent for too long, or could not be made; or nobody is signed in any more. */
export type BrokenReason = 'closed' | 'silent' | 'unreachable' | 'signed_out'

/** Nobody is signed in any more: nothing comes until somebody is. */
export const hasEnded = (link: Link): boolean => link.state === 'broken' && link.reason === 'signed_out'

export type Desk = {
  link: Link
  board: Board
  unrecorded: Unrecorded
  file: OpenFile | null
  notices: Notices
  calls: Calls
}

export type DeskEvent =
  /** `isPart`: these are the most urgent, and the others follow. */
  | { type: 'loaded'; alarms: readonly Alarm[]; seq: number; isPart?: boolean }
  | { type: 'others'; alarms: readonly Alarm[] }
  /** Told after the list, which waits for nothing; null: there was no emergency yet. */
  | { type: 'lastAlert'; at: number | null }
  | { type: 'message'; message: FeedMessage; now: number }
  | { type: 'link'; link: Link }
  | { type: 'alarm'; alarm: Alarm }
  | { type: 'acknowledged'; id: string; alertedAt: number }
  | { type: 'unrecordedHeard'; id: string }
  | { type: 'opened'; id: string }
  | { type: 'fileLoaded'; file: AlarmFile }
  | { type: 'fileFailed'; id: string; problem: Problem }
  | { type: 'fileClosed' }
  | { type: 'noticesToggled' }
  | { type: 'callTaken'; seen: SeenCall }
  | { type: 'callDismissed'; id: string }

export const EMPTY_DESK: Desk = {
  link: { state: 'connecting' },
  board: EMPTY_BOARD,
  unrecorded: NOTHING_UNRECORDED,
  file: null,
  notices: 'closed',
  calls: NO_CALLS,
}

export function deskAfter(desk: Desk, event: DeskEvent): Desk {
  const link = event.type === 'link' ? event.link : desk.link
  const board = boardAfter(desk.board, event)
  const unrecorded = unrecordedAfter(desk.unrecorded, event)
  const file = fileAfter(desk.file, event)
  const notices = noticesAfter(desk, event)
  const calls = callsAfter(desk.calls, event)
  const next: Desk = { link, board, unrecorded, file, notices, calls }
  return isSame(desk, next) ? desk : next
}

const isSame = (a: Desk, b: Desk): boolean =>
  a.link === b.link &&
  a.board === b.board &&
  a.unrecorded === b.unrecorded &&
  a.file === b.file &&
  a.notices === b.notices &&
  a.calls === b.calls

export type DeskStore = {
  get(): Desk
  happened(event: DeskEvent): void
  /** Calls `listener` after every change, with the state before and what happened; returns the way to stop. */
  subscribe(listener: (before: Desk, event: DeskEvent) => void): () => void
}

export function createDesk(): DeskStore {
  let desk = EMPTY_DESK
  const listeners = new Set<(before: Desk, event: DeskEvent) => void>()
  return {
    get: () => desk,
    happened(event) {
      const before = desk
      desk = deskAfter(before, event)
      if (desk !== before) for (const listener of listeners) listener(before, event)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
