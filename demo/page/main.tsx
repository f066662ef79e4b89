import '@fontsource-variable/inter';
import 'slack-blocks-to-jsx/dist/style.css';
import './style/tokens.css';
import './style/layout.css';
import './style/blocks.css';
import './style/controls.css';
import './style/crm.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App />);
