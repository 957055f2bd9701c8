// A link to another screen of this app: the page stays, and with it whatever is open or heard on it.

import type { MouseEvent, ReactNode } from 'react'
import { navigate } from './navigation.ts'

type Props = { to: string; className?: string; current?: boolean; children: ReactNode }

/** With a modifier key, or the middle button, it opens a tab as any link does. */
export function Link({ to, className, current = false, children }: Props) {
  const follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    navigate(to)
  }
  return (
    <a
      href={to}
      onClick={follow}
      {...(className !== undefined && { className })}
      {...(current && { 'aria-current': 'page' as const })}
    >
      {children}
    </a>
  )
}
