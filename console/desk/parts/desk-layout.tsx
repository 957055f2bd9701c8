// The desk itself: bar, banners, the queue, and beside it the file or the technical list. The queue is never
// covered by anything else.

import { useState } from 'react'
import type { Alarm } from '../../../model/incident.ts'
import { Guard } from '../../shell/guard.tsx'
import { Loading } from '../../shell/loading.tsx'
import { refusal } from '../../shell/refusals.ts'
import { useDeskTools } from '../desk-tools.ts'
import { acceptedByKey, queueOf } from '../queue.ts'
import type { Bell } from '../use-bell.ts'
import type { DeskHandles } from '../use-desk.ts'
import { useKeys } from '../use-keys.ts'
import { useWords } from '../words.ts'
import { AlarmFile } from './alarm-file.tsx'
import { AlarmQueue } from './alarm-queue.tsx'
import { BrokenBanner, HealthBanner } from './banners.tsx'
import { BrokenPane } from './broken-parts.tsx'
import { PickOne, QuietDesk } from './quiet.tsx'
import { TechnicalList } from './technical-list.tsx'
import { TopBar } from './top-bar.tsx'
import { UnrecordedList } from './unrecorded-list.tsx'

type Props = { handles: DeskHandles; bell: Bell; onSignOut(): void }

export function DeskLayout({ handles, bell, onSignOut }: Props) {
  const words = useWords()
  const { user, tell } = useDeskTools()
  const { desk, store, actions, feed } = handles
  const { board, file, link, unrecorded } = desk
  const noticesShown = desk.notices === 'shown'
  /** The alarm that is read now. */
  const readId = noticesShown ? undefined : file?.id
  const [busyId, setBusyId] = useState<string>()
  const emergencies = queueOf(board.alarms.values(), 'emergency')
  const services = queueOf(board.alarms.values(), 'service')
  const technical = queueOf(board.alarms.values(), 'technical')
  const next = acceptedByKey(board.alarms, readId)
  const queued = [...emergencies, ...services]

  /** One at a time: a second press on the key must not take the next alarm as well. */
  async function accept(alarm: Alarm): Promise<void> {
    if (busyId !== undefined) return
    setBusyId(alarm.id)
    const problem = await actions.act(alarm, 'accept')
    setBusyId(undefined)
    if (problem) tell({ tone: 'bad', text: refusal(problem, words) })
  }

  async function acknowledge(alarm: Alarm): Promise<void> {
    const problem = await actions.acknowledge(alarm)
    if (problem) tell({ tone: 'bad', text: refusal(problem, words) })
  }

  function leave(): void {
    if (noticesShown) store.happened({ type: 'noticesToggled' })
    else if (file) store.happened({ type: 'fileClosed' })
  }

  function move(by: 1 | -1): void {
    const at = queued.findIndex(alarm => alarm.id === file?.id)
    const neighbour = queued[at < 0 ? 0 : Math.max(0, Math.min(queued.length - 1, at + by))]
    if (neighbour && neighbour.id !== readId) void actions.open(neighbour.id)
  }

  useKeys({ accept: () => void (next && accept(next)), move, leave })

  const calm = board.loaded && queued.length === 0 && unrecorded.findings.size === 0
  const handlers = {
    onAccept: (alarm: Alarm) => void accept(alarm),
    onAcknowledge: (alarm: Alarm) => void acknowledge(alarm),
  }
  return (
    <div className={`desk ${link.state === 'broken' ? 'is-stale' : ''}`}>
      <TopBar
        user={user}
        link={link}
        bell={bell}
        technical={{
          count: technical.length,
          shown: noticesShown,
          toggle: () => store.happened({ type: 'noticesToggled' }),
        }}
        onSignOut={onSignOut}
      />
      {link.state === 'broken' && (
        <BrokenBanner link={link} skewMs={board.skewMs} onRetry={() => feed?.retryNow()} />
      )}
      {board.problems.length > 0 && <HealthBanner problems={board.problems} />}
      <UnrecordedList
        unrecorded={unrecorded}
        onHeard={id => store.happened({ type: 'unrecordedHeard', id })}
      />
      <main className="desk-main">
        {!board.loaded ? (
          <Loading text={words.loadingQueue} />
        ) : calm ? (
          <QuietDesk lastAlertAt={board.lastAlertAt} live={link.state === 'live'} />
        ) : (
          <AlarmQueue
            emergencies={emergencies}
            services={services}
            unrecorded={unrecorded.findings.size > 0}
            next={next}
            selectedId={readId}
            busyId={busyId}
            {...handlers}
          />
        )}
        {noticesShown && (
          <div className="pane">
            <Guard of={technical.length} broken={<BrokenPane />}>
              <TechnicalList alarms={technical} onClose={leave} />
            </Guard>
          </div>
        )}
        {(file || (!calm && !noticesShown)) && (
          // Beneath the notices it keeps its place, and the note that somebody was writing.
          <div className="pane" hidden={noticesShown}>
            {file ? (
              <Guard of={file} broken={<BrokenPane />}>
                <AlarmFile open={file} onClose={leave} {...handlers} />
              </Guard>
            ) : (
              board.loaded && <PickOne />
            )}
          </div>
        )}
      </main>
    </div>
  )
}
