"""The page in the browser: `server` serves it, `app` sets it up, `views` are shown, `components` draw themselves."""
