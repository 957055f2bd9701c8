// Says in the bar of every screen that secrets wait to be put away, and leads to them; the page is not left before.

import { useEffect } from 'react'
import { useWords } from './language.tsx'
import { Link } from './link.tsx'
import { pathOfWaiting, secretsIn, useUnkept } from './unkept.ts'

export function UnkeptNote({ registryPath }: { registryPath: string | undefined }) {
  const words = useWords()
  const waiting = useUnkept()
  const count = secretsIn(waiting)
  useWarningOnLeave(count > 0)
  return (
    <span role="status">
      {count > 0 && (
        <Link to={pathOfWaiting(waiting, registryPath)} className="bar-unkept">
          {words.secretsWait(count)}
        </Link>
      )}
    </span>
  )
}

function useWarningOnLeave(warns: boolean): void {
  useEffect(() => {
    if (!warns) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [warns])
}
