// The file beside the queue: everything about one alarm and its elder. It opens by itself on accepting.

import { Button } from 'antd'
import { lazy, memo, Suspense, useMemo, useState } from 'react'
import type { AlarmFile as File } from '../../../model/alarm-file.ts'
import type { Alarm } from '../../../model/incident.ts'
import type { Revealed } from '../../../model/reveal.ts'
import { endOf } from '../../charts/readings.ts'
import { clock, timeOfDay } from '../../shell/amounts.ts'
import type { Drafts } from '../../shell/drafts.ts'
import { Guard } from '../../shell/guard.tsx'
import { Loading } from '../../shell/loading.tsx'
import { useNow } from '../../shell/now.tsx'
import { Cross, SeverityShape } from '../../shell/shapes.tsx'
import { begunCall, type CallDraft, type Callee, calleeKey } from '../call-draft.ts'
import { useDeskTools } from '../desk-tools.ts'
import type { OpenFile } from '../file.ts'
import { useKey } from '../keys/use-keys.tsx'
import { permitted } from '../permitted.ts'
import { isOpen, isRealerted, needsSomebody } from '../queue.ts'
import { withRevealed } from '../revealed.ts'
import {
  dispositionName,
  findingOf,
  kindName,
  placeOf,
  timeRemark,
  wearerRemark,
  whyRaised,
} from '../sentences.ts'
import { calleesOf, dial } from '../telephone.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'
import { ActionBar } from './action-bar.tsx'
import { BrokenPane } from './broken-parts.tsx'
import { CallForm } from './call-form.tsx'
import { Consents } from './consents.tsx'
import { Contacts } from './contacts.tsx'
import { Dispatches } from './dispatches.tsx'
import { ElderCard } from './elder-card.tsx'
import { ElderName } from './elder-name.tsx'
import { type FileDialog, FileDialogs } from './file-dialogs.tsx'
import { Hint } from './key-button.tsx'
import { NoteBox } from './note-box.tsx'
import { Procedure } from './procedure.tsx'
import { Timeline } from './timeline.tsx'
import { useDeliveries } from './told.tsx'

/** Maps and charts come when a file is first opened; the desk does not wait for them. */
const Where = lazy(async () => ({ default: (await import('../../map/where.tsx')).Where }))
const Vitals = lazy(async () => ({ default: (await import('../../charts/vitals.tsx')).Vitals }))

/** What was begun at this desk about any alarm, and not sent yet. */
export type DeskDrafts = { notes: Drafts<string>; calls: Drafts<CallDraft> }

type Props = {
  open: OpenFile
  drafts: DeskDrafts
  onClose(): void
  onAccept(alarm: Alarm): void
  onAcknowledge(alarm: Alarm): void
}

export const AlarmFile = memo(function AlarmFile({ open, drafts, onClose, onAccept, onAcknowledge }: Props) {
  const words = useWords()
  const { actions } = useDeskTools()
  if (open.status === 'loading') return <Loading text={words.loadingFile} />
  if (open.status === 'failed') {
    return (
      <div className="quiet is-small" role="alert">
        <h2>{words.fileFailed}</h2>
        <p>{words.error[open.problem.code]}</p>
        <Button onClick={() => void actions.open(open.id)}>{words.again}</Button>
        <NoteBox alarmId={open.id} drafts={drafts.notes} onNote={undefined} />
      </div>
    )
  }
  if (open.status === 'left') {
    return (
      <div className="quiet is-small" role="alert">
        <h2>{words.fileLeft}</h2>
        <p>{words.fileLeftLead}</p>
        <Button onClick={onClose}>{words.closeFile}</Button>
        <NoteBox alarmId={open.id} drafts={drafts.notes} onNote={undefined} />
      </div>
    )
  }
  return <ReadyFile key={open.id} file={open.file} {...{ drafts, onClose, onAccept, onAcknowledge }} />
})

type ReadyProps = Omit<Props, 'open'> & { file: File }

function ReadyFile({ file: known, drafts, onClose, onAccept, onAcknowledge }: ReadyProps) {
  const words = useWorkWords()
  const { user } = useDeskTools()
  const [revealed, setRevealed] = useState<readonly Revealed[]>([])
  const file = useMemo(() => withRevealed(known, revealed), [known, revealed])
  const [dialog, setDialog] = useState<FileDialog>()
  const { deliveries, resend } = useDeliveries(file)
  const { alarm } = file
  const may = permitted({ user, alarm })
  const { call, begin, begun } = useCall(file, may.includes('call'), drafts.calls)
  return (
    <>
      <article className={`file is-${toneOf(alarm)}`} aria-label={alarm.subject.name}>
        <FileHead file={file} onClose={onClose} onCall={() => call('elder')} />
        <Again file={file} onAcknowledge={onAcknowledge} />
        <ActionBar
          file={file}
          notes={drafts.notes}
          onAccept={() => onAccept(alarm)}
          onOpen={setDialog}
          onWriteCall={() => begin(undefined)}
        />
        <CallForm file={file} calls={drafts.calls} begun={begun} />
        <Why file={file} />
        <div className="file-columns">
          <div>
            <Guard of={file.procedure} broken={<BrokenPane />}>
              <Procedure file={file} mayTick={may.includes('tick')} />
            </Guard>
            <Dispatches file={file} mayReport={may.includes('dispatch')} />
            <ElderCard file={file} />
            {file.resident && (
              <Contacts
                file={file}
                deliveries={deliveries}
                onCall={contact => call(contact.id)}
                onResend={may.includes('note') ? resend : undefined}
              />
            )}
            {file.consents && <Consents consents={file.consents} />}
            <Previous file={file} />
          </div>
          <div>
            {file.resident && (
              <Guard of={alarm.id} broken={<BrokenPane />}>
                <Suspense fallback={<Loading text={words.loadingPart} />}>
                  <Where residentId={file.resident.id} alarm={alarm} />
                  <Vitals residentId={file.resident.id} at={alarm.raisedAt} endedAt={endOf(file)} />
                </Suspense>
              </Guard>
            )}
            <Timeline file={file} />
          </div>
        </div>
      </article>
      {dialog && (
        <FileDialogs
          file={file}
          dialog={dialog}
          onClose={() => setDialog(undefined)}
          onRevealed={values => setRevealed(before => [...before, ...values])}
        />
      )}
    </>
  )
}

/** Dials whoever is asked for, and asks what came of it; a number that is hidden has to be asked for first. */
function useCall(file: File, mayNote: boolean, calls: Drafts<CallDraft>) {
  const words = useWords()
  const work = useWorkWords()
  const { tell } = useDeskTools()
  const [begun, setBegun] = useState(0)
  function begin(first: Callee | undefined): void {
    calls.keep(file.alarm.id, begunCall(calls.of(file.alarm.id), first))
    setBegun(before => before + 1)
  }
  function call(whom: string): void {
    const first = calleesOf(file, words).find(callee => calleeKey(callee) === whom)
    if (first?.number === undefined) {
      tell({ tone: 'bad', text: work.numberHidden })
      return
    }
    dial(first.number)
    if (mayNote) begin(first)
  }
  return { call, begin, begun }
}

/** Nothing that is over looks like an emergency that is not. */
function toneOf(alarm: Alarm): string {
  if (!isOpen(alarm)) return 'over'
  return alarm.class === 'service' ? 'service' : alarm.severity
}

function FileHead({ file, onClose, onCall }: { file: File; onClose(): void; onCall(): void }) {
  const words = useWords()
  const { alarm } = file
  return (
    <header className={`file-head ${needsSomebody(alarm) ? 'is-waiting' : 'is-owned'}`}>
      <p className="file-kind">
        <SeverityShape severity={alarm.severity} kind={alarm.class} />
        <strong>{kindName(alarm.kind, words)}</strong>
        <span>{stateText(alarm, words)}</span>
        {isOpen(alarm) && alarm.class !== 'technical' && <Waited since={alarm.alertedAt} />}
        <button
          type="button"
          className="plain-button"
          aria-label={words.closeFile}
          title={words.closeFile}
          onClick={onClose}
        >
          <Cross />
        </button>
      </p>
      <ElderName file={file} onCall={onCall} />
    </header>
  )
}

/** The one part of the head that changes every second. */
function Waited({ since }: { since: number }) {
  const words = useWords()
  return <time>{clock(useNow() - since, words)}</time>
}

function stateText(alarm: Alarm, words: ReturnType<typeof useWords>): string {
  if (alarm.class === 'technical') return words.class.technical
  if (alarm.disposition !== null) {
    return `${words.state[alarm.state]} · ${dispositionName(alarm.disposition, words)}`
  }
  const owner = alarm.owner?.name ?? (alarm.state === 'raised' ? undefined : words.unowned)
  return owner === undefined ? words.state[alarm.state] : `${words.state[alarm.state]} · ${owner}`
}

/** Something grave joined an alarm of mine: it stays here until I say that I saw it. */
function Again({ file, onAcknowledge }: { file: File; onAcknowledge(alarm: Alarm): void }) {
  const words = useWords()
  const { user, acknowledged } = useDeskTools()
  const { alarm } = file
  const isAgain = alarm.owner?.id === user.id && isRealerted(alarm, acknowledged.get(alarm.id))
  useKey('acknowledge', isAgain ? () => onAcknowledge(alarm) : undefined)
  if (!isAgain) return null
  const newest = file.timeline.findLast(entry => entry.kind === 'finding')
  const told = newest && findingOf(newest)
  return (
    <div className="file-again" role="alert">
      <p>{words.realertedLead(kindName(told?.kind ?? alarm.kind, words))}</p>
      <Button type="primary" className="acknowledge" onClick={() => onAcknowledge(alarm)}>
        {words.iSeeIt}
        <Hint does="acknowledge" />
      </Button>
    </div>
  )
}

/** Every finding is in the timeline; here are the newest, which say what to do now. */
const FINDINGS_SHOWN = 3

function Why({ file }: { file: File }) {
  const words = useWords()
  const now = useNow()
  const findings = file.timeline.filter(entry => entry.kind === 'finding').slice(-FINDINGS_SHOWN)
  if (findings.length === 0) return null
  return (
    <section className="file-why" aria-label={words.why}>
      <h3>{words.why}</h3>
      {findings.toReversed().map(entry => {
        const told = findingOf(entry)
        const remarks = told && [
          timeRemark(told, now, words),
          wearerRemark(told, words),
          placeOf(told.evidence, words),
        ]
        return (
          <p key={entry.seq}>
            <time>{timeOfDay(entry.at, now, words)}</time>
            <span className="why-words">
              {told ? whyRaised(told, words) : kindName(file.alarm.kind, words)}
              {remarks?.map(remark => remark !== undefined && <small key={remark}>{remark}</small>)}
            </span>
          </p>
        )
      })}
    </section>
  )
}

function Previous({ file }: { file: File }) {
  const words = useWords()
  const now = useNow()
  const { actions } = useDeskTools()
  return (
    <section className="card">
      <h3>{words.previous}</h3>
      {file.previous.length === 0 && <p className="faint">{words.noPrevious}</p>}
      <ul className="previous">
        {file.previous.map(alarm => (
          <li key={alarm.id}>
            <button type="button" className="plain-button" onClick={() => void actions.open(alarm.id)}>
              <time>{timeOfDay(alarm.raisedAt, now, words)}</time>
              <strong>{kindName(alarm.kind, words)}</strong>
              <span>
                {alarm.disposition === null
                  ? words.state[alarm.state]
                  : dispositionName(alarm.disposition, words)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
