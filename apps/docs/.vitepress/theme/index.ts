import type { Theme } from 'vitepress';
// The theme with fonts asks for them in its style sheet; this one uses those of the reader's system.
import DefaultTheme from 'vitepress/theme-without-fonts';
import Mermaid from './Mermaid.vue';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('Mermaid', Mermaid);
  },
} satisfies Theme;
