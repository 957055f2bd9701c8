// What the desk has in the bar, which stands above every screen: is it live, can it be heard, how one stands oneself.

import { Button } from 'antd'
import { useState } from 'react'
import type { Alarm } from '../../../model/incident.ts'
import { refusal } from '../../shell/refusals.ts'
import { Device, Speaker } from '../../shell/shapes.tsx'
import { hasEnded, type Link } from '../desk.ts'
import { useDeskTools } from '../desk-tools.ts'
import { useKey } from '../keys/use-keys.tsx'
import type { Bell } from '../use-bell.ts'
import type { Desktop } from '../use-desktop.ts'
import { useOwnPresence } from '../use-presence.ts'
import { useShifts } from '../use-shifts.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'
import { Hint, PlainKeyButton } from './key-button.tsx'
import { PauseDialog } from './pause-dialog.tsx'
import { ShiftDialog } from './shift-dialog.tsx'

type StateProps = { link: Link; bell: Bell; desktop: Desktop }

/** Whether what happens is seen and heard. */
export function BarState({ link, bell, desktop }: StateProps) {
  const words = useWords()
  const work = useWorkWords()
  return (
    <>
      <div className={`bar-link is-${link.state}`} role="status">
        <i />
        {hasEnded(link) ? words.renewTitle : words.link[link.state]}
      </div>
      <SoundButton bell={bell} />
      {desktop.state === 'default' && (
        <button type="button" className="plain-button ask-desktop" onClick={desktop.ask}>
          {work.askDesktop}
        </button>
      )}
    </>
  )
}

type ToolsProps = {
  live: boolean
  technical: { count: number; shown: boolean; toggle(): void }
  /** Own open alarms, which a hand-over takes along. */
  mine: readonly Alarm[]
  onKeys(): void
}

/** What else the desk does that belongs to no alarm; it is there while the desk is looked at. */
export function BarTools({ live, technical, mine, onKeys }: ToolsProps) {
  const words = useWords()
  const work = useWorkWords()
  return (
    <>
      <PresenceButton live={live} />
      <ShiftButton live={live} mine={mine} />
      <button
        type="button"
        className="plain-button bar-technical"
        aria-pressed={technical.shown}
        onClick={technical.toggle}
      >
        <Device />
        {words.technicalList}
        <b>{technical.count}</b>
        <Hint does="notices" />
      </button>
      <button
        type="button"
        className="plain-button"
        title={work.keyList}
        aria-label={work.keyList}
        onClick={onKeys}
      >
        <Hint does="keys" />
      </button>
    </>
  )
}

/** Ready or in a pause, and why. */
function PresenceButton({ live }: { live: boolean }) {
  const words = useWords()
  const labels = useWorkWords()
  const { user, work, tell } = useDeskTools()
  const { presence, say } = useOwnPresence(work, { userId: user.id, live })
  const [asks, setAsks] = useState(false)
  const isPause = presence?.state === 'pause'

  async function press(): Promise<void> {
    if (!isPause) return setAsks(true)
    const problem = await say({ status: 'ready' })
    if (problem) tell({ tone: 'bad', text: refusal(problem, words) })
  }

  return (
    <>
      <PlainKeyButton
        does="pause"
        className={`bar-presence ${isPause ? 'is-pause' : ''}`}
        pressed={isPause}
        title={isPause ? labels.endPause : labels.pause}
        onPress={() => void press()}
      >
        {isPause ? labels.inPause(presence.reason ?? '') : labels.ready}
      </PlainKeyButton>
      {asks && <PauseDialog say={say} onClose={() => setAsks(false)} />}
    </>
  )
}

function ShiftButton({ live, mine }: { live: boolean; mine: readonly Alarm[] }) {
  const labels = useWorkWords()
  const { user, work } = useDeskTools()
  const shifts = useShifts(work, { userId: user.id, live })
  const [shown, setShown] = useState(false)
  return (
    <>
      <PlainKeyButton does="shift" onPress={() => setShown(true)}>
        {labels.shift}
        {shifts.waiting.length > 0 && <b className="bar-count">{shifts.waiting.length}</b>}
      </PlainKeyButton>
      {shown && <ShiftDialog shifts={shifts} mine={mine} onClose={() => setShown(false)} />}
    </>
  )
}

/** Silence is never silent about itself: locked and muted are loud to look at. */
function SoundButton({ bell }: { bell: Bell }) {
  const words = useWords()
  const work = useWorkWords()
  const canMute = bell.state === 'on' || bell.state === 'muted'
  useKey('mute', canMute ? () => bell.mute(bell.state === 'on') : undefined)
  if (bell.state === 'locked') {
    return (
      <Button
        className="sound-locked"
        danger
        type="primary"
        title={words.soundLockedTitle}
        onClick={bell.unlock}
      >
        <Speaker crossed />
        {words.soundLocked}
      </Button>
    )
  }
  if (bell.state === 'elsewhere') {
    return (
      <span className="bar-sound is-elsewhere" title={work.soundElsewhereTitle}>
        <Speaker crossed={false} />
        {work.soundElsewhere}
      </span>
    )
  }
  const muted = bell.state === 'muted'
  return (
    <button
      type="button"
      className={`plain-button bar-sound ${muted ? 'is-muted' : ''}`}
      title={muted ? words.mutedHere : words.mute}
      aria-pressed={muted}
      onClick={() => bell.mute(!muted)}
    >
      <Speaker crossed={muted} />
      {muted ? words.soundOff : words.soundOn}
      <Hint does="mute" />
    </button>
  )
}
