// All that the screens show, as one value, and the one way to change it. Knows nothing of the browser.

import type { FeedMessage } from '../../model/feed.ts'
import type { Alarm } from '../../model/incident.ts'
import type { Problem } from '../shell/http.ts'
import type { AlarmFile } from './alarms.ts'
import { type Board, boardAfter, EMPTY_BOARD } from './board.ts'
import { fileAfter, type OpenFile } from './file.ts'
import { type Notices, noticesAfter } from './notices.ts'
import { NOTHING_UNRECORDED, type Unrecorded, unrecordedAfter } from './unrecorded.ts'

/** Whether what is on the screen is what is happening. Times are this browser's. */
export type Link =
  | { state: 'connecting' }
  | { state: 'live' }
  | { state: 'broken'; since: number; retryAt: number | null; attempt: number; reason: BrokenReason }

/** The connection was closed, was silent for too long, or could not be made. */
export type BrokenReason = 'closed' | 'silent' | 'unreachable'

export type Desk = {
  link: Link
  board: Board
  unrecorded: Unrecorded
  file: OpenFile | null
  notices: Notices
}

export type DeskEvent =
  | { type: 'loaded'; alarms: readonly Alarm[]; seq: number; lastAlertAt?: number }
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

export const EMPTY_DESK: Desk = {
  link: { state: 'connecting' },
  board: EMPTY_BOARD,
  unrecorded: NOTHING_UNRECORDED,
  file: null,
  notices: 'closed',
}

export function deskAfter(desk: Desk, event: DeskEvent): Desk {
  const link = event.type === 'link' ? event.link : desk.link
  const board = boardAfter(desk.board, event)
  const unrecorded = unrecordedAfter(desk.unrecorded, event)
  const file = fileAfter(desk.file, event)
  const notices = noticesAfter(desk, event)
  const next: Desk = { link, board, unrecorded, file, notices }
  return isSame(desk, next) ? desk : next
}

const isSame = (a: Desk, b: Desk): boolean =>
  a.link === b.link &&
  a.board === b.board &&
  a.unrecorded === b.unrecorded &&
  a.file === b.file &&
  a.notices === b.notices

export type DeskStore = {
  get(): Desk
  happened(event: DeskEvent): void
  /** Calls `listener` after every change, with the state before; returns the way to stop. */
  subscribe(listener: (before: Desk) => void): () => void
}

export function createDesk(): DeskStore {
  let desk = EMPTY_DESK
  const listeners = new Set<(before: Desk) => void>()
  return {
    get: () => desk,
    happened(event) {
      const before = desk
      desk = deskAfter(before, event)
      if (desk !== before) for (const listener of listeners) listener(before)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
