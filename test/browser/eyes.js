// What a test sees from within the page: texts and keys that lie over each other or outside, and where the keyboard has
// been. It is evaluated in the page, where there is nothing of the tests; see examine.ts.

globalThis.eyes = (() => {
  const KEYS = 'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])'
  /** What stands over everything has the page to itself. */
  const topmost = () =>
    [...document.querySelectorAll('dialog[open], .ant-modal')].filter(isShown).at(-1) ?? document.body

  const isShown = element =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects()[0]?.width > 0
  const nameOf = element =>
    `${element.tagName.toLowerCase()}${element.classList.length > 0 ? `.${[...element.classList].join('.')}` : ''} "${(
      element.getAttribute('aria-label') ??
      (element.textContent || element.getAttribute('placeholder') || element.getAttribute('type') || '')
    )
      .trim()
      .slice(0, 40)}"`

  /** The part of a rectangle that is not cut off by what scrolls or hides; undefined where nothing is left. */
  function visiblePart({ left, top, right, bottom }, element) {
    let part = { left, top, right, bottom }
    for (let box = element; box && box !== document.documentElement; box = box.parentElement) {
      const style = getComputedStyle(box)
      const { overflowX, overflowY, position, clipPath } = style
      if (clipPath !== 'none') return undefined
      if (overflowX !== 'visible' || overflowY !== 'visible') {
        const edge = box.getBoundingClientRect()
        part = {
          left: Math.max(part.left, edge.left),
          top: Math.max(part.top, edge.top),
          right: Math.min(part.right, edge.right),
          bottom: Math.min(part.bottom, edge.bottom),
        }
      }
      if (position === 'fixed') break
    }
    return part.right - part.left > 2 && part.bottom - part.top > 2 ? part : undefined
  }

  /** Every line of text that is to be seen; the height is that of its letters, not of the line. */
  function textLines() {
    const lines = []
    const walker = document.createTreeWalker(topmost(), NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const { parentElement: element, data } = node
      if (data.trim() === '' || !element || !isShown(element) || element.closest('option, style, script'))
        continue
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const { left, top, right, bottom, height } of range.getClientRects()) {
        const whole = { left, right, top: top + height * 0.25, bottom: bottom - height * 0.25 }
        const part = visiblePart(whole, element)
        if (part) lines.push({ node, element, text: data.trim().slice(0, 40), whole, part })
      }
    }
    return lines
  }

  const isOver = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2

  function textsOverEachOther(lines) {
    const found = new Set()
    for (const [index, a] of lines.entries())
      for (const b of lines.slice(index + 1))
        if (a.node !== b.node && isOver(a.part, b.part) && !isPopupOver(a.element, b.element))
          found.add(`"${a.text}" over "${b.text}"`)
    return [...found]
  }

  /** What pops up lies over the page, and is meant to; not over what else has popped up. */
  const POPUPS = '.call-popups, .notice, .bar-menu-list, .ant-select-dropdown, .skip-link'
  const isPopupOver = (a, b) => (a.closest(POPUPS) === null) !== (b.closest(POPUPS) === null)

  const textsOutside = lines =>
    lines
      .filter(({ part }) => part.left < -1 || part.right > innerWidth + 1)
      .map(({ text }) => `"${text}" outside`)

  /** Cut off at the side by what does not scroll, without the three dots that say so. */
  function textsCut(lines) {
    const isCutBy = (box, whole) =>
      ['hidden', 'clip'].includes(getComputedStyle(box).overflowX) &&
      whole.right > box.getBoundingClientRect().right + 2
    return lines
      .filter(({ element, whole, part }) => {
        if (whole.right <= part.right + 2) return false
        for (let box = element; box; box = box.parentElement) {
          const { overflowX, textOverflow } = getComputedStyle(box)
          if (['auto', 'scroll'].includes(overflowX) || textOverflow === 'ellipsis') return false
          if (isCutBy(box, whole)) return true
        }
        return false
      })
      .map(({ text }) => `"${text}" is cut off`)
  }

  /** A cross or an arrow on a text. */
  const SMALL_PX = 48
  const textsBeneathKeys = lines =>
    shownKeys()
      .map(key => ({ key, edge: key.getBoundingClientRect() }))
      .filter(({ edge }) => edge.width < SMALL_PX && edge.height < SMALL_PX)
      .flatMap(({ key, edge }) =>
        lines
          .filter(
            ({ element, part }) =>
              isOver(part, edge) &&
              !key.contains(element) &&
              !element.contains(key) &&
              !key.closest('label') &&
              !isPopupOver(key, element),
          )
          .map(({ text }) => `"${text}" beneath ${nameOf(key)}`),
      )

  /** Of a button or a field that can be pressed, the middle is its own. */
  function keysCovered() {
    return shownKeys()
      .filter(key => {
        const { left, top, right, bottom } = key.getBoundingClientRect()
        const part = visiblePart({ left, top, right, bottom }, key)
        if (!part || part.right - part.left < 8 || part.bottom - part.top < 8) return false
        const [x, y] = [(part.left + part.right) / 2, (part.top + part.bottom) / 2]
        if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false
        const hit = document.elementFromPoint(x, y)
        if (!hit || isPopupOver(hit, key)) return false
        return !key.contains(hit) && !hit.contains(key) && !key.closest('label')?.contains(hit)
      })
      .map(key => `${nameOf(key)} is covered`)
  }

  function misplaced() {
    const lines = textLines()
    const page = document.documentElement
    const wide = page.scrollWidth > innerWidth ? [`the page is ${page.scrollWidth} px wide`] : []
    return [
      ...wide,
      ...textsOutside(lines),
      ...textsCut(lines),
      ...textsOverEachOther(lines),
      ...textsBeneathKeys(lines),
      ...keysCovered(),
    ]
  }

  const shownKeys = () =>
    [...topmost().querySelectorAll(KEYS)].filter(key => isShown(key) && !key.matches(':disabled'))

  /** How it looks, and what stands around it: some fields show their focus on a frame of theirs. */
  function lookOf(element) {
    const around = [element, element.parentElement, element.parentElement?.parentElement]
    const beside = [...(element.parentElement?.children ?? [])].slice(0, 8)
    return [...around, ...beside]
      .filter(Boolean)
      .map(box => {
        const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor } =
          getComputedStyle(box)
        return [outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor].join(' ')
      })
      .join('|')
  }

  let walk

  /** Before the first Tab. Colours that change by and by would not have changed yet. */
  function beginWalk() {
    const atOnce = new CSSStyleSheet()
    atOnce.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important }')
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, atOnce]
    document.activeElement?.blur()
    const keys = shownKeys()
    walk = { keys, unfocused: new Map(keys.map(key => [key, lookOf(key)])), seen: new Set(), unseen: [] }
    return keys.length
  }

  /** After a Tab: `out` of the page, within the `same` field, at a key that was there `again`, or at a `new` one. */
  function step() {
    const { activeElement: key } = document
    const before = walk.last
    walk.last = key
    if (!key || key === document.body || key === document.documentElement) return 'out'
    if (key === before) return 'same' // a date has places of its own for day, month and year
    if (walk.seen.has(key)) return 'again'
    walk.seen.add(key)
    if (walk.unfocused.get(key) === lookOf(key)) walk.unseen.push(nameOf(key))
    return 'new'
  }

  /** Arrows choose within a group of radios; Tab leads to one of them. */
  const isInSeenGroup = key =>
    key.type === 'radio' && [...walk.seen].some(({ type, name }) => type === 'radio' && name === key.name)

  /** The button beside a field for files: the field has the keyboard for both. */
  const isOfSeenField = key => key.tabIndex < 0 && walk.seen.has(key.previousElementSibling)

  const isReached = key => walk.seen.has(key) || isInSeenGroup(key) || isOfSeenField(key)

  function walked() {
    const missed = walk.keys.filter(key => key.isConnected && isShown(key) && !isReached(key))
    return {
      missed: missed.map(key => `${nameOf(key)} is not reached by Tab`),
      unseen: walk.unseen.map(name => `${name} does not show that it has the focus`),
    }
  }

  return { misplaced, beginWalk, step, walked }
})()
