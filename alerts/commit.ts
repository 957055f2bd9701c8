// One transaction for a batch: its cursors move, and what its findings come to is written, or neither. An alarm waits
// for every answer of the records here, so the usual batch asks for as few of them as there can be.

import type { Finding } from '../model/finding.ts'
import type { Clock } from '../model/time.ts'
import { writeDeskAtOnce } from '../records/at-once.ts'
import { type CursorMove, cursorStatements } from '../records/cursors.ts'
import { type Db, type Records, type Tx, writeDesk } from '../records/db.ts'
import { runEach, type Statement } from '../records/whole.ts'
import { applyTo, isOrdinary, type Outcome, readDesk, takeAll } from './apply.ts'

/** Another owner has moved the cursor: what was read here is applied already. */
export class CursorMoved extends Error {
  constructor(log: string) {
    super(`the cursor of ${log} was moved by another owner`)
    this.name = 'CursorMoved'
  }
}

type Given = { findings: readonly Finding[]; moves: readonly CursorMove[] }

/**
 * Applies findings in order, and moves the cursors.
 * @throws CursorMoved, DeskMoved or a unique violation when somebody was faster; nothing is kept then.
 */
export async function commitFindings(
  { records, clock }: { records: Records; clock: Clock },
  { findings, moves }: Given,
): Promise<Outcome[]> {
  if (findings.every(isOrdinary))
    return writeDeskAtOnce(records, {
      read: db => readDesk(db, findings, clock.now()),
      write(desk) {
        const answer = takeAll(desk, findings)
        return { answer, statements: [...moved(records.db, moves), ...desk.statements(records.db)] }
      },
    })
  const desk = await readDesk(records.feed, findings, clock.now())
  return commitWith(records, { moves, work: tx => applyTo(desk, tx, findings) })
}

/** Moves the cursors, and does whatever `work` makes of the findings, in turn. */
export const commitWith = <T>(
  records: Records,
  { moves, work }: { moves: readonly CursorMove[]; work: (tx: Tx) => Promise<T> },
): Promise<T> =>
  writeDesk(records, async tx => {
    await runEach(tx, moved(tx, moves))
    return work(tx)
  })

const moved = (db: Db, moves: readonly CursorMove[]): Statement[] =>
  cursorStatements(db, moves, log => new CursorMoved(log))
