// Who sits here, and what belongs to them: the account, the language, the way out.

import { useEffect, useId, useRef, useState } from 'react'
import type { User } from '../../model/user.ts'
import { useLanguageSwitch, useWords } from './language.tsx'
import { Link } from './link.tsx'
import { menuOf } from './places.ts'
import { Down } from './shapes.tsx'

type Props = { user: User; onSignOut(): void }

export function UserMenu({ user, onSignOut }: Props) {
  const words = useWords()
  const switchLanguage = useLanguageSwitch()
  const [isOpen, setOpen] = useState(false)
  const listId = useId()
  const place = useRef<HTMLDivElement>(null)
  const key = useRef<HTMLButtonElement>(null)
  useLeaving(place, isOpen, byKey => {
    setOpen(false)
    if (byKey) key.current?.focus()
  })
  const close = () => setOpen(false)
  return (
    <div className="bar-menu" ref={place}>
      <button
        type="button"
        ref={key}
        className="plain-button bar-user"
        aria-expanded={isOpen}
        aria-controls={listId}
        onClick={() => setOpen(!isOpen)}
      >
        <strong>{user.name}</strong>
        <span>{words.role[user.role]}</span>
        <Down />
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the links and buttons in it */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: whatever is chosen in it closes it */}
      <div id={listId} className="bar-menu-list" hidden={!isOpen} onClick={close}>
        <p>
          {user.name} · {words.role[user.role]}
        </p>
        {menuOf(user.role).map(({ name, path }) => (
          <Link key={name} to={path}>
            {words.place[name]}
          </Link>
        ))}
        <button type="button" onClick={switchLanguage}>
          {words.otherLanguage}
        </button>
        <button type="button" onClick={onSignOut}>
          {words.signOut}
        </button>
      </div>
    </div>
  )
}

/** Escape, a press elsewhere, or the focus going elsewhere: `leave` hears whether it was by key. */
function useLeaving(
  place: { readonly current: HTMLElement | null },
  isOpen: boolean,
  leave: (byKey: boolean) => void,
): void {
  useEffect(() => {
    if (!isOpen) return
    const isOutside = ({ target }: Event) => !(target instanceof Node && place.current?.contains(target))
    const onOther = (event: Event) => {
      if (isOutside(event)) leave(false)
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      leave(true)
    }
    window.addEventListener('pointerdown', onOther, true)
    window.addEventListener('focusin', onOther)
    window.addEventListener('keydown', onKey, true)
    return () => {
      window.removeEventListener('pointerdown', onOther, true)
      window.removeEventListener('focusin', onOther)
      window.removeEventListener('keydown', onKey, true)
    }
  })
}
