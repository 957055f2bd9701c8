// A list of rows of one height, of which those in sight are drawn: thousands cost as little as a screenful. Ones that
// read it aloud are told how many there are.

import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { useScreen } from '../../shell/use-screen.ts'

export type Rows = { toTop(): void }

/** Rows beyond what is in sight, so that scrolling shows no gap. */
const OVERSCAN = 4
const REM_PX = 16

type Props<T extends { id: string }> = {
  items: readonly T[]
  /** With the space below it. */
  rowRem: number
  /** Kept in sight when it changes. */
  selectedId?: string | undefined
  className?: string
  rowsRef?: Ref<Rows>
  /** Is told which of them are in sight, each time that changes; it must stay the same function. */
  onDrawn?: (items: readonly T[]) => void
  children(item: T, place: { index: number; count: number }): ReactNode
}

export function VirtualRows<T extends { id: string }>({
  items,
  rowRem,
  selectedId,
  className,
  rowsRef,
  onDrawn,
  children,
}: Props<T>) {
  const box = useRef<HTMLDivElement>(null)
  const rowPx = useScreen().scale * REM_PX * rowRem
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    // No keys of its own: for every change of one row it would measure all of them again.
    overscan: OVERSCAN,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured anew
  useEffect(() => rows.measure(), [rows, rowPx])
  useImperativeHandle(rowsRef, () => ({ toTop: () => box.current?.scrollTo({ top: 0 }) }), [])
  const latest = useRef(items)
  latest.current = items
  useEffect(() => {
    const index = selectedId === undefined ? -1 : latest.current.findIndex(({ id }) => id === selectedId)
    if (index >= 0) rows.scrollToIndex(index, { align: 'auto' })
  }, [rows, selectedId])

  const drawn = rows.getVirtualItems()
  const { startIndex: first, endIndex: last } = rows.range ?? NONE_IN_SIGHT
  useEffect(() => onDrawn?.(items.slice(first, last + 1)), [items, first, last, onDrawn])
  useEffect(() => () => onDrawn?.([]), [onDrawn])

  return (
    <div ref={box} className={`rows ${className ?? ''}`}>
      <ul style={{ height: rows.getTotalSize() }}>
        {drawn.map(({ index, start }) => {
          const item = items[index]
          return item ? (
            <li
              key={item.id}
              className="rows-one"
              style={{ transform: `translateY(${start}px)`, height: rowPx }}
              aria-setsize={items.length}
              aria-posinset={index + 1}
            >
              {children(item, { index, count: items.length })}
            </li>
          ) : null
        })}
      </ul>
    </div>
  )
}

const NONE_IN_SIGHT = { startIndex: 0, endIndex: -1 }
