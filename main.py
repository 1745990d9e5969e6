from l1gui.cli.main import main

raise SystemExit(main())
