print("miniplm")
