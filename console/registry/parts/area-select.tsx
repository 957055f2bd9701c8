// An area out of the tree, found by its name.

import { TreeSelect } from 'antd'
import { areaPath } from '../area-tree.ts'
import { useRegistry } from '../registry-context.ts'

type Props = {
  id?: string
  value?: string | undefined
  onChange?: (value: string | undefined) => void
  disabled?: boolean
  allowClear?: boolean
  placeholder?: string
  label?: string
}

export function AreaSelect({ id, value, onChange, disabled, allowClear = false, placeholder, label }: Props) {
  const { areas } = useRegistry()
  const shown = value === undefined || areas.byId.has(value) ? value : areaPath(areas, value)
  return (
    <TreeSelect<string>
      {...(id !== undefined && { id })}
      {...(shown !== undefined && { value: shown })}
      onChange={chosen => onChange?.(chosen)}
      treeData={[...areas.nodes]}
      treeDefaultExpandAll
      showSearch={{ treeNodeFilterProp: 'title' }}
      disabled={disabled ?? false}
      allowClear={allowClear}
      {...(placeholder !== undefined && { placeholder })}
      className="registry-area"
      popupMatchSelectWidth={320}
      {...(label !== undefined && { 'aria-label': label })}
    />
  )
}
