// A list of rows of one height, of which those in sight are drawn: thousands cost as little as a screenful. Ones that
// read it aloud are told how many there are.

import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { useScale } from '../../shell/theme.ts'

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
  children(item: T, place: { index: number; count: number }): ReactNode
}

export function VirtualRows<T extends { id: string }>({
  items,
  rowRem,
  selectedId,
  className,
  rowsRef,
  children,
}: Props<T>) {
  const box = useRef<HTMLDivElement>(null)
  const rowPx = useScale() * REM_PX * rowRem
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    getItemKey: index => items[index]?.id ?? index,
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

  return (
    <div ref={box} className={`rows ${className ?? ''}`}>
      <ul style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start, key }) => {
          const item = items[index]
          return item ? (
            <li
              key={key}
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
