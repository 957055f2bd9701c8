// What can be done with the open alarm now. A label says what the button does, and which key does it; what the hub
// would refuse is not offered.

import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import type { AlarmDispatch } from '../../../model/alarm-deeds.ts'
import type { AlarmFile } from '../../../model/alarm-file.ts'
import type { Action } from '../../../model/incident.ts'
import type { Drafts } from '../../shell/drafts.ts'
import { refusal } from '../../shell/refusals.ts'
import { useDeskTools } from '../desk-tools.ts'
import type { KeyId } from '../keys/table.ts'
import { type Deed, permitted } from '../permitted.ts'
import { isOpen } from '../queue.ts'
import { hiddenIn } from '../revealed.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'
import { NO_DEVICE } from './elder-card.tsx'
import type { FileDialog } from './file-dialogs.tsx'
import { Hint, KeyButton } from './key-button.tsx'
import { NoteBox } from './note-box.tsx'

type Props = {
  file: AlarmFile
  notes: Drafts<string>
  onAccept(): void
  onOpen(dialog: FileDialog): void
  onWriteCall(): void
}

export function ActionBar({ file, notes, onAccept, onOpen, onWriteCall }: Props) {
  const words = useWords()
  const work = useWorkWords()
  const { user } = useDeskTools()
  const { act, busy } = useAct(file)
  const { alarm } = file
  const may = new Set<Deed>(permitted({ user, alarm }))
  const isEnded = alarm.state === 'resolved'

  const opens = (is: FileDialog['is']) => () => onOpen({ is })
  const buttons: Offered[] = [
    {
      does: 'takeOver',
      when: may.has('takeover'),
      label: words.action.takeover,
      on: () => void act('takeover'),
    },
    {
      does: 'dispatch',
      when: may.has('dispatch'),
      label: work.dispatch,
      on: opens('dispatch'),
      strong: alarm.state === 'accepted',
    },
    {
      does: 'arrive',
      when: may.has('arrive'),
      label: words.action.arrive,
      on: () => void act('arrive'),
      strong: true,
    },
    { does: 'handOver', when: may.has('hand_over'), label: work.handOver, on: opens('handOver') },
    {
      does: 'writeCall',
      when: may.has('call') && !isEnded,
      label: work.writeCall,
      on: onWriteCall,
    },
    {
      does: 'message',
      when: may.has('note') && alarm.deviceId !== NO_DEVICE,
      label: work.message,
      on: opens('message'),
    },
    { does: 'resolve', when: may.has('resolve'), label: words.action.resolve, on: opens('resolve') },
    { does: 'followUp', when: may.has('close'), label: work.followUp, on: opens('followUp'), strong: true },
    { does: 'reopen', when: may.has('reopen'), label: words.action.reopen, on: () => void act('reopen') },
    { does: 'reveal', when: hiddenIn(file).length > 0, label: work.reveal, on: opens('reveal') },
    { does: 'release', when: may.has('release'), label: words.action.release, on: () => void act('release') },
  ]
  const isReadOnly = may.size === 0 && alarm.class !== 'technical' && isOpen(alarm)
  return (
    <>
      {isReadOnly && <p className="read-only">{words.readOnly}</p>}
      <div className="actions" role="toolbar" aria-label={work.actions}>
        {may.has('accept') && (
          <Button type="primary" size="large" className="accept" disabled={busy} onClick={onAccept}>
            {words.acceptHere}
            <Hint does="accept" />
          </Button>
        )}
        {buttons
          .filter(({ when }) => when)
          .map(({ does, label, on, strong }) => (
            <KeyButton
              key={does}
              does={does}
              disabled={busy}
              onPress={on}
              {...(strong && { type: 'primary' })}
            >
              {label}
            </KeyButton>
          ))}
        <NoteBox
          alarmId={alarm.id}
          drafts={notes}
          onNote={may.has('note') ? text => act('note', { text }) : undefined}
        />
      </div>
    </>
  )
}

/** A button that is there when the hub would agree. */
type Offered = { does: KeyId; when: boolean; label: ReactNode; on(): void; strong?: boolean }

/** Does an action, and says so; `act` answers whether the hub agreed. */
function useAct({ alarm }: AlarmFile) {
  const words = useWords()
  const { actions, tell } = useDeskTools()
  const [busy, setBusy] = useState(false)
  async function act(action: Action, body?: AlarmDispatch): Promise<boolean> {
    // A note changes nothing of what can be done: it keeps no key waiting.
    setBusy(action !== 'note')
    const problem = await actions.act(alarm, action, body)
    setBusy(false)
    if (problem) tell({ tone: 'bad', text: refusal(problem, words) })
    else if (action === 'release') tell({ tone: 'good', text: words.releasedDone })
    return !problem
  }
  return { act, busy }
}
