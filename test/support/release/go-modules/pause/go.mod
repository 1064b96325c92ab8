module metalk8s.test/release/pause

go 1.26.0
