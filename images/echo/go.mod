module p2s.dev/echo

go 1.24
