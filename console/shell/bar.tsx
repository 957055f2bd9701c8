// The bar above every screen: where one can go, whether the desk is live and heard, and who sits here.

import type { Ref } from 'react'
import type { User } from '../../model/user.ts'
import type { Kept } from './kept.ts'
import { useWords } from './language.tsx'
import { Link } from './link.tsx'
import { type PlaceName, placesOf } from './places.ts'
import { Emblem } from './shapes.tsx'
import { UnkeptNote } from './unkept-note.tsx'
import { UserMenu } from './user-menu.tsx'

type Props = {
  user: User
  place: PlaceName | undefined
  /** A screen that stayed is found again where it was left. */
  kept: Kept
  /** Where the desk shows what it knows, see slots.tsx. */
  state: Ref<HTMLDivElement>
  tools: Ref<HTMLDivElement>
  onSignOut(): void
}

export function Bar({ user, place, kept, state, tools, onSignOut }: Props) {
  const words = useWords()
  const places = placesOf(user.role)
  return (
    <header className="bar">
      <div className="bar-brand">
        <Emblem />
        <strong>{words.product}</strong>
      </div>
      {places.length > 1 && (
        <nav className="bar-places" aria-label={words.placesLabel}>
          {places.map(({ name, path }) => (
            <Link key={name} to={(name === place ? undefined : kept[name]) ?? path} current={name === place}>
              {words.place[name]}
            </Link>
          ))}
        </nav>
      )}
      <div className="bar-slot" ref={state} />
      <UnkeptNote registryPath={kept.registry} />
      <div className="bar-space" />
      <div className="bar-slot" ref={tools} />
      <UserMenu user={user} onSignOut={onSignOut} />
    </header>
  )
}
