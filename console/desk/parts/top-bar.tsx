// The bar above the desk: is it live, can it be heard, what is the technical state, who sits here.

import { Button } from 'antd'
import type { User } from '../../../model/user.ts'
import { useLanguageSwitch } from '../../shell/language.tsx'
import { Device, Emblem, Speaker } from '../../shell/shapes.tsx'
import type { Link } from '../desk.ts'
import type { Bell } from '../use-bell.ts'
import { useWords } from '../words.ts'

type Props = {
  user: User
  link: Link
  bell: Bell
  technical: { count: number; shown: boolean; toggle(): void }
  onSignOut(): void
}

export function TopBar({ user, link, bell, technical, onSignOut }: Props) {
  const words = useWords()
  const switchLanguage = useLanguageSwitch()
  return (
    <header className="bar">
      <div className="bar-brand">
        <Emblem />
        <strong>{words.product}</strong>
        <span>{words.deskName}</span>
      </div>
      <div className={`bar-link is-${link.state}`} role="status">
        <i />
        {words.link[link.state]}
      </div>
      <SoundButton bell={bell} />
      <div className="bar-space" />
      <button
        type="button"
        className="plain-button bar-technical"
        aria-pressed={technical.shown}
        onClick={technical.toggle}
      >
        <Device />
        {words.technicalList}
        <b>{technical.count}</b>
      </button>
      <button type="button" className="plain-button" onClick={switchLanguage}>
        {words.otherLanguage}
      </button>
      <div className="bar-user">
        <strong>{user.name}</strong>
        <span>{words.role[user.role]}</span>
      </div>
      <button type="button" className="plain-button" onClick={onSignOut}>
        {words.signOut}
      </button>
    </header>
  )
}

/** Silence is never silent about itself: locked and muted are loud to look at. */
function SoundButton({ bell }: { bell: Bell }) {
  const words = useWords()
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
  const muted = bell.state === 'muted'
  return (
    <button
      type="button"
      className={`plain-button bar-sound ${muted ? 'is-muted' : ''}`}
      title={muted ? words.unmute : words.mute}
      aria-pressed={muted}
      onClick={() => bell.mute(!muted)}
    >
      <Speaker crossed={muted} />
      {muted ? words.soundOff : words.soundOn}
    </button>
  )
}
