// The desk itself: what it has in the bar, banners, the queue, and beside it the file or the technical list. The
// queue is never covered by anything else.

import { useEffect, useLayoutEffect, useMemo, useState } from 'react'
import { createPortal } from 'react-dom'
import type { Alarm } from '../../../model/incident.ts'
import { createDrafts } from '../../shell/drafts.ts'
import { Guard } from '../../shell/guard.tsx'
import { Loading } from '../../shell/loading.tsx'
import { navigate } from '../../shell/navigation.ts'
import { refusal } from '../../shell/refusals.ts'
import { useShown } from '../../shell/shown.ts'
import { InSlot } from '../../shell/slots.tsx'
import { useStable } from '../../shell/use-stable.ts'
import { type AcceptedBy, createAcceptKey } from '../accept-key.ts'
import type { CallDraft } from '../call-draft.ts'
import { useDeskTools } from '../desk-tools.ts'
import type { OpenFile } from '../file.ts'
import { useKey } from '../keys/use-keys.tsx'
import { acceptedByKey } from '../queue.ts'
import type { Queues } from '../queues.ts'
import type { Bell } from '../use-bell.ts'
import type { DeskHandles } from '../use-desk.ts'
import type { Desktop } from '../use-desktop.ts'
import { useWords } from '../words.ts'
import { AlarmFile } from './alarm-file.tsx'
import { AlarmQueue } from './alarm-queue.tsx'
import { BrokenBanner, HealthBanner, WaitingBanner } from './banners.tsx'
import { BrokenPane } from './broken-parts.tsx'
import { CallPopups } from './call-popups.tsx'
import { KeyList } from './key-list.tsx'
import { PickOne, QuietDesk } from './quiet.tsx'
import { TechnicalList } from './technical-list.tsx'
import { BarState, BarTools } from './top-bar.tsx'
import { UnrecordedList } from './unrecorded-list.tsx'

type Props = { handles: DeskHandles; queues: Queues; bell: Bell; desktop: Desktop }

export function DeskLayout({ handles, queues, bell, desktop }: Props) {
  const words = useWords()
  const isShown = useShown()
  const { desk, store, feed } = handles
  const { board, file, link, unrecorded } = desk
  const noticesShown = desk.notices === 'shown'
  /** The alarm that is read now. */
  const readId = noticesShown ? undefined : file?.id
  const next = useMemo(() => acceptedByKey(board.alarms, readId), [board.alarms, readId])
  useFileSeen(noticesShown ? null : file)
  const does = useDeskDeeds(handles, { queues, next, readId, noticesShown })
  const [drafts] = useState(() => ({ notes: createDrafts<string>(), calls: createDrafts<CallDraft>() }))
  const [keysShown, setKeysShown] = useState(false)
  useKey('keys', () => setKeysShown(true))

  const isCalm = queues.emergency.length + queues.service.length === 0
  // As the title of the tab counts them: also those that are no alarms yet.
  const waiting = queues.waiting + unrecorded.findings.size
  const calm = board.loaded && !board.isPart && isCalm && unrecorded.findings.size === 0
  return (
    <div className={`desk ${link.state === 'broken' ? 'is-stale' : ''}`}>
      <InSlot name="state">
        <BarState link={link} bell={bell} desktop={desktop} />
      </InSlot>
      {isShown && (
        <InSlot name="tools">
          <BarTools
            live={link.state === 'live'}
            technical={{ count: queues.technical.length, shown: noticesShown, toggle: does.toggleNotices }}
            mine={does.mine}
            onKeys={() => setKeysShown(true)}
          />
        </InSlot>
      )}
      <InSlot name="strip">
        {link.state === 'broken' && (
          <BrokenBanner link={link} skewMs={board.skewMs} onRetry={() => feed?.retryNow()} />
        )}
        {board.problems.length > 0 && <HealthBanner problems={board.problems} />}
        <UnrecordedList
          unrecorded={unrecorded}
          onHeard={id => store.happened({ type: 'unrecordedHeard', id })}
        />
        {!isShown && waiting > 0 && <WaitingBanner waiting={waiting} />}
      </InSlot>
      <h1 className="desk-title">{words.place.desk}</h1>
      <main className="desk-main">
        {!board.loaded ? (
          <Loading text={words.loadingQueue} />
        ) : calm ? (
          <QuietDesk lastAlertAt={board.lastAlertAt} live={link.state === 'live'} />
        ) : (
          <AlarmQueue
            emergencies={queues.emergency}
            services={queues.service}
            isPart={board.isPart}
            unrecorded={unrecorded.findings.size > 0}
            next={next}
            selectedId={readId}
            busyId={does.busyId}
            onOpen={does.open}
            onAccept={does.accept}
            onAcknowledge={does.acknowledge}
          />
        )}
        {noticesShown && (
          <div className="pane">
            <Guard of={queues.technical.length} broken={<BrokenPane />}>
              <TechnicalList alarms={queues.technical} onClose={does.leave} />
            </Guard>
          </div>
        )}
        {(file || (!calm && !noticesShown)) && (
          // Beneath the notices it keeps its place, and the note that somebody was writing.
          <div className="pane" hidden={noticesShown}>
            {file ? (
              <Guard of={file} broken={<BrokenPane />}>
                <AlarmFile
                  open={file}
                  drafts={drafts}
                  onClose={does.leave}
                  onAccept={does.accept}
                  onAcknowledge={does.acknowledge}
                />
              </Guard>
            ) : (
              board.loaded && <PickOne />
            )}
          </div>
        )}
      </main>
      {createPortal(
        <CallPopups
          calls={desk.calls}
          onDismiss={id => store.happened({ type: 'callDismissed', id })}
          onOpen={id => {
            navigate('/')
            does.open(id)
          }}
        />,
        document.body,
      )}
      {keysShown && <KeyList onClose={() => setKeysShown(false)} />}
    </div>
  )
}

/** Whoever has the file of an alarm before them has seen it, wherever its row is. */
function useFileSeen(file: OpenFile | null): void {
  const { sightings } = useDeskTools()
  const alarm = file?.file?.alarm
  useEffect(() => {
    sightings.drawn('file', alarm ? [alarm] : [])
  }, [sightings, alarm])
}

type Seen = { queues: Queues; next: Alarm | undefined; readId: string | undefined; noticesShown: boolean }

/** What is done from the queue, by hand and by key. The functions stay the same, so that rows need not be drawn anew. */
function useDeskDeeds({ desk, store, actions }: DeskHandles, { queues, next, readId, noticesShown }: Seen) {
  const words = useWords()
  const { user, tell } = useDeskTools()
  const { file } = desk
  const [busyId, setBusyId] = useState<string>()
  const acceptKey = useAcceptKey(next?.id, readId)
  const { emergency, service } = queues
  const mine = useMemo(
    () => [...emergency, ...service].filter(({ owner }) => owner?.id === user.id),
    [emergency, service, user.id],
  )

  /** One at a time: a second press on the key must not take the next alarm as well. */
  const take = useStable(async (alarm: Alarm, by: AcceptedBy): Promise<void> => {
    if (busyId !== undefined) return
    if (!acceptKey.mayTake(by)) {
      tell({ tone: 'bad', text: words.acceptHeld })
      return
    }
    setBusyId(alarm.id)
    const problem = await actions.act(alarm, 'accept')
    acceptKey.answered()
    setBusyId(undefined)
    if (problem) tell({ tone: 'bad', text: refusal(problem, words) })
  })
  const accept = useStable((alarm: Alarm): void => void take(alarm, 'hand'))
  const acknowledge = useStable(async (alarm: Alarm): Promise<void> => {
    const problem = await actions.acknowledge(alarm)
    if (problem) tell({ tone: 'bad', text: refusal(problem, words) })
  })
  const open = useStable((id: string): void => void actions.open(id))
  const toggleNotices = useStable((): void => store.happened({ type: 'noticesToggled' }))
  const leave = useStable((): void => {
    if (noticesShown) toggleNotices()
    else if (file) store.happened({ type: 'fileClosed' })
  })

  /** The focus leaves the row that was pressed before: Enter would mean that one, and not the one on the screen. */
  function move(by: 1 | -1): void {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    const queued = [...emergency, ...service]
    const at = queued.findIndex(alarm => alarm.id === file?.id)
    const neighbour = queued[at < 0 ? 0 : Math.max(0, Math.min(queued.length - 1, at + by))]
    if (neighbour && neighbour.id !== readId) open(neighbour.id)
  }

  useKey('accept', next && (() => void take(next, 'key')))
  useKey('next', () => move(1))
  useKey('previous', () => move(-1))
  useKey('leave', leave)
  useKey('notices', toggleNotices)
  return { busyId, mine, open, leave, toggleNotices, accept, acknowledge }
}

/** Follows where the accept key points, from before the change can be seen. */
function useAcceptKey(takesId: string | undefined, readId: string | undefined) {
  const [acceptKey] = useState(() => createAcceptKey({ now: () => performance.now() }))
  useLayoutEffect(() => acceptKey.aimed({ takesId, readId }), [acceptKey, takesId, readId])
  return acceptKey
}
