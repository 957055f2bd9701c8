// What a figure means, beside its name: shown on hover and on focus, and read out with the button.

import { Tooltip } from 'antd'
import { useFigureWords } from '../words.ts'

export function Definition({ of, children }: { of: string; children: string }) {
  const words = useFigureWords()
  return (
    <Tooltip title={children} trigger={['hover', 'focus', 'click']} placement="bottom">
      <button type="button" className="figure-what" aria-label={words.explainLabel(of)}>
        ?
      </button>
    </Tooltip>
  )
}
