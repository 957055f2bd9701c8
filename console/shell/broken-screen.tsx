// What stands where the whole screen could not be drawn.

import { Button } from 'antd'
import { useWords } from './language.tsx'

export function BrokenScreen() {
  const words = useWords()
  return (
    <main className="signin" role="alert">
      <div className="quiet is-small">
        <h2>{words.brokenScreen}</h2>
        <p>{words.brokenScreenLead}</p>
        <Button type="primary" onClick={() => window.location.reload()}>
          {words.reload}
        </Button>
      </div>
    </main>
  )
}
