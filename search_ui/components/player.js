// Plays one moment of a video: from its start, pausing at its end or looping over it.
// Where the browser cannot play the file, it goes on with the converted clip of the moment, and says so.

import_free();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  root.player ??= new Player(root);
  root.player.step = (by) => setTriggerValue("step", by);
  root.player.show(data);
  return () => {
    root.player?.close();
    root.player = null;
  };
}
