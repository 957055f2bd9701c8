// How large things are drawn on the screen that the window is on: another one when it is moved to another monitor, or made
// so large that styles/ground.css has larger letters for it. What is drawn on a canvas does not follow by itself.

import { useEffect, useState } from 'react'

export type Screen = {
  /** 1 where a letter is 16 px high. */
  scale: number
  /** Pixels of the device to one of the page. */
  pixelRatio: number
}

/** The same object for as long as nothing has changed. */
export function useScreen(): Screen {
  const [screen, setScreen] = useState(readScreen)
  useEffect(() => {
    let stopRatio = onOtherRatio(changed)
    function changed(): void {
      stopRatio()
      stopRatio = onOtherRatio(changed)
      setScreen(before => (isSame(before, readScreen()) ? before : readScreen()))
    }
    changed() // between drawing and now
    window.addEventListener('resize', changed)
    return () => {
      stopRatio()
      window.removeEventListener('resize', changed)
    }
  }, [])
  return screen
}

const readScreen = (): Screen => ({
  scale: Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1,
  pixelRatio: devicePixelRatio,
})

const isSame = (a: Screen, b: Screen): boolean => a.scale === b.scale && a.pixelRatio === b.pixelRatio

/** Once: what it is then is another query. */
function onOtherRatio(listener: () => void): () => void {
  const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
  query.addEventListener('change', listener, { once: true })
  return () => query.removeEventListener('change', listener)
}
