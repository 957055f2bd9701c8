// A list of the registry as a table, page by page through the gateway's cursors.

import { Button, Table, type TableColumnsType } from 'antd'
import type { Paging } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'
import { Empty, Settled } from './settled.tsx'

type Props<T> = {
  list: Paging<T>
  columns: TableColumnsType<T>
  /** What the table is about, for whoever does not see it. */
  label: string
  /** Instead of a table without rows. */
  empty: string
}

export function ListTable<T extends { id: string }>({ list, columns, label, empty }: Props<T>) {
  return (
    <Settled of={list}>
      {({ items }) =>
        items.length === 0 && list.page === 1 ? (
          <Empty text={empty} />
        ) : (
          <>
            <div className="registry-scroll">
              <Table<T>
                rowKey="id"
                size="middle"
                columns={columns}
                dataSource={items}
                pagination={false}
                aria-label={label}
              />
            </div>
            <Pager list={list} />
          </>
        )
      }
    </Settled>
  )
}

function Pager<T>({ list }: { list: Paging<T> }) {
  const words = useRegistryWords()
  const { page, toNext, toPrevious } = list
  if (!toNext && !toPrevious) return null
  return (
    <nav className="registry-pager" aria-label={words.page(page)}>
      <Button disabled={!toPrevious} onClick={toPrevious}>
        {words.previousPage}
      </Button>
      <span aria-live="polite">{words.page(page)}</span>
      <Button disabled={!toNext} onClick={toNext}>
        {words.nextPage}
      </Button>
    </nav>
  )
}
