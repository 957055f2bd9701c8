// A screen whose program is fetched when it is first opened.

import { Button } from 'antd'
import { type ComponentType, useEffect, useState } from 'react'
import { useWords } from './language.tsx'
import { Loading } from './loading.tsx'
import { focusScreen } from './skip-link.tsx'

type State = { is: 'loading' } | { is: 'failed'; why: string }

/**
 * Makes the component that stands for what `load` brings. A hub that was updated no longer has the old program's
 * files: then the page has to be loaded anew, and says so.
 */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | undefined
  return function Later(props: P) {
    const [state, setState] = useState<State>({ is: 'loading' })
    const [tries, setTries] = useState(0)
    // biome-ignore lint/correctness/useExhaustiveDependencies: another try is another load
    useEffect(() => {
      if (loaded) return
      let gone = false
      const settle = (settled: State) => {
        if (!gone) setState(settled)
      }
      load().then(
        component => {
          loaded = component
          const wasWaitedFor = document.activeElement?.closest('.screen-wait') != null
          settle({ is: 'loading' })
          // Whoever came by keyboard waited at what is replaced now.
          if (wasWaitedFor) requestAnimationFrame(focusScreen)
        },
        (error: unknown) => settle({ is: 'failed', why: String(error) }),
      )
      return () => {
        gone = true
      }
    }, [tries])

    const Screen = loaded
    if (Screen) return <Screen {...props} />
    if (state.is === 'loading') return <Fetching />
    const again = () => {
      setState({ is: 'loading' })
      setTries(tries + 1)
      // The key that was pressed is gone.
      requestAnimationFrame(focusScreen)
    }
    return <NotFetched why={state.why} onAgain={again} />
  }
}

function Fetching() {
  const words = useWords()
  return (
    <main className="screen-wait">
      <Loading text={words.loadingScreen} />
    </main>
  )
}

function NotFetched({ why, onAgain }: { why: string; onAgain(): void }) {
  const words = useWords()
  return (
    <main className="screen-wait" role="alert">
      <div className="quiet is-small">
        <h2>{words.screenMissing}</h2>
        <p>{words.screenMissingLead}</p>
        <p className="screen-why">{why}</p>
        <div className="screen-choices">
          <Button type="primary" onClick={() => window.location.reload()}>
            {words.reload}
          </Button>
          <Button onClick={onAgain}>{words.again}</Button>
        </div>
      </div>
    </main>
  )
}
