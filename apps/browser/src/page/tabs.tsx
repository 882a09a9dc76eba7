import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

interface Tab {
  readonly name: string;
  readonly content: ComponentChildren;
}

const idOf = (name: string) => name.toLowerCase().replaceAll(' ', '-');

/** Tabs that the arrow keys change (ARIA Authoring Practices, "Tabs"). One that was opened stays as it is. */
export function Tabs({ tabs }: { readonly tabs: readonly Tab[] }) {
  const [selected, select] = useState(() => {
    const wanted = tabs.findIndex(({ name }) => `#${idOf(name)}` === location.hash);
    return Math.max(0, wanted);
  });
  const opened = useRef(new Set<number>());
  opened.current.add(selected);
  const list = useRef<HTMLDivElement>(null);
  const change = (index: number) => {
    select(index);
    (list.current?.children[index] as HTMLElement | undefined)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by !== undefined) change((selected + by + tabs.length) % tabs.length);
    else if (event.key === 'Home') change(0);
    else if (event.key === 'End') change(tabs.length - 1);
    else return;
    event.preventDefault();
  };
  return (
    <div class="tabs">
      <div role="tablist" aria-label="Views" ref={list} onKeyDown={onKeyDown}>
        {tabs.map(({ name }, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${idOf(name)}`}
            aria-controls={`panel-${idOf(name)}`}
            aria-selected={index === selected}
            tabIndex={index === selected ? 0 : -1}
            onClick={() => select(index)}
          >
            {name}
          </button>
        ))}
      </div>
      {tabs.map(({ name, content }, index) => (
        <section
          key={name}
          role="tabpanel"
          id={`panel-${idOf(name)}`}
          aria-labelledby={`tab-${idOf(name)}`}
          hidden={index !== selected}
        >
          {opened.current.has(index) && content}
        </section>
      ))}
    </div>
  );
}
