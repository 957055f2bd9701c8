// The first stop of the Tab key: past the bar, to the screen itself.

import { useWords } from './language.tsx'

export function SkipLink() {
  const words = useWords()
  return (
    <button type="button" className="skip-link" onClick={focusScreen}>
      {words.skip}
    </button>
  )
}

/** Gives the keyboard to the screen that is shown. */
export function focusScreen(): void {
  const screens = [...document.querySelectorAll<HTMLElement>('main')]
  const shown = screens.find(screen => screen.checkVisibility())
  if (!shown) return
  shown.tabIndex = -1
  shown.focus()
}
